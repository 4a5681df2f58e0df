"""Runs of workflows: started, taken on step by step by any worker, watched and stopped."""
