"""Workers in processes of their own."""

import time

import psycopg

DSL = """{"version": "1.0", "trigger": {"type": "manual", "config": {}},
  "nodes": [{"id": "begin", "type": "start", "name": "Begin", "config": {}},
            {"id": "end", "type": "end", "name": "End", "config": {"output": {"n": "{{trigger.n}}"}}}],
  "edges": [{"id": "1", "source": "begin", "target": "end"}]}"""


def test_a_worker_runs_what_a_server_without_one_accepts(ecoctrl):
    with psycopg.connect(ecoctrl.environment["DATABASE_URL"], autocommit=True) as db:
        insert = "INSERT INTO workflows (name, dsl) VALUES ('Count', %s) RETURNING id"
        (key,) = db.execute(insert, [DSL]).fetchone()
    server = ecoctrl.serve("--no-worker")
    server.wait_until_ready()
    trigger = f"""mutation {{ triggerWorkflow(input: {{id: "workflow_{key}", data: {{n: 3}}}}) {{
        execution {{ id status }} userErrors {{ message }} }} }}"""
    accepted = server.query(trigger)["data"]["triggerWorkflow"]["execution"]
    look = f'{{ workflowExecution(id: "{accepted["id"]}") {{ status output }} }}'
    time.sleep(1)
    assert server.query(look)["data"]["workflowExecution"] == {"status": "PENDING", "output": None}

    worker = ecoctrl.work()
    try:
        end = time.monotonic() + 30
        while (run := server.query(look)["data"]["workflowExecution"])["status"] != "COMPLETED":
            assert time.monotonic() < end, run
            time.sleep(0.1)
        assert run["output"] == {"n": 3}
        assert worker.stop() == 0
    finally:
        worker.stop()
        server.stop()
    assert worker.log.read_text().splitlines()[-1] == "The worker has ended."
