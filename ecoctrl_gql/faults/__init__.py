"""Faults: defects of devices, kept until and after their repair."""
