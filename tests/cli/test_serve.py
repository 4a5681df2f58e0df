"""The one command: a server with a database of its own."""

import os
import signal
import socket
import time

from tests.cli.conftest import ADMIN_PASSWORD, PRODUCTION, Command

COUNTS = "{ alerts { totalCount } energyReadings { totalCount } users { totalCount } }"


def test_a_first_start_serves_a_sample_building_and_survives_being_killed(folder):
    ecoctrl = Command(folder)
    server = ecoctrl.serve()
    server.wait_until_ready()
    before = server.query(COUNTS)["data"]
    assert before["energyReadings"]["totalCount"] > 6 * 8760
    assert before["users"]["totalCount"] >= 6

    second = ecoctrl("serve", "--port", str(server.port + 1))
    assert second.returncode == 1
    assert f"Another EcoCtrl server (pid {server.process.pid}) already runs on this folder" in second.stderr

    server.stop(signal.SIGKILL)
    again = ecoctrl.serve()
    again.wait_until_ready()
    assert again.query(COUNTS)["data"] == before
    assert "Sample users" in server.log.read_text()
    assert "Sample users" not in again.log.read_text()
    again.stop()
    assert "Traceback" not in again.log.read_text()


def test_an_embedded_database_that_dies_is_started_again(folder):
    ecoctrl = Command(folder, {"ECOCTRL_ENV": "development"})
    server = ecoctrl.serve()
    server.wait_until_ready()
    pid_file = (folder / "data" / "postgres").resolve() / "pgdata" / "postmaster.pid"
    postmaster = int(pid_file.read_text().splitlines()[0])
    before = server.query(COUNTS)["data"]

    os.kill(postmaster, signal.SIGKILL)
    end = time.monotonic() + 60
    while (answer := server.query(COUNTS)).get("errors") and time.monotonic() < end:
        assert answer["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE", "retryable": True}
    server.stop()

    assert answer["data"] == before


def test_empty_settings_count_as_unset(ecoctrl):
    ecoctrl.environment |= {"PORT": "", "SMTP_PORT": "", "SMTP_SECURE": "", "LOG_LEVEL": "", "GRAPHIQL": ""}

    assert ecoctrl("doctor").returncode == 0


def test_production_has_no_samples_no_graphiql_no_introspection(ecoctrl):
    ecoctrl.environment |= PRODUCTION
    server = ecoctrl.serve()
    server.wait_until_ready()
    answer = server.query(
        "{ alerts { totalCount } users { nodes { username role } } }", "admin", ADMIN_PASSWORD
    )
    introspection = server.query("{ __schema { types { name } } }")
    unknown = server.query("{ alert }")
    said = server.log.read_text()
    server.stop()

    assert answer["data"]["alerts"]["totalCount"] == 0
    assert answer["data"]["users"]["nodes"] == [{"username": "admin", "role": "SUPER_ADMIN"}]
    assert introspection["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "Did you mean" not in str(unknown)
    assert "GraphiQL" not in said


def test_several_worker_processes_serve_one_port(ecoctrl):
    server = ecoctrl.serve("--workers", "2")
    server.wait_until_ready()
    answers = [server.query("{ users { totalCount } }") for _ in range(10)]
    server.stop()

    assert all(answer["data"]["users"]["totalCount"] > 0 for answer in answers)


def test_a_port_in_use_is_said_in_a_sentence(ecoctrl):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = ecoctrl("serve", "--port", str(port))

    assert ended.returncode == 1
    assert f"Port {port} is in use" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_that_does_not_answer_is_said_in_a_sentence(folder):
    ended = Command(folder, {"DATABASE_URL": "postgresql://eco:hunter2@127.0.0.1:1/eco"})("serve")

    assert ended.returncode == 1
    assert "correct DATABASE_URL" in ended.stderr
    assert "hunter2" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_production_without_secrets_is_refused(folder):
    ended = Command(folder, {"ECOCTRL_ENV": "production"})("serve")

    assert ended.returncode == 1
    assert ended.stderr.startswith("ECOCTRL_ENV=production needs DATABASE_URL")


def test_a_malformed_setting_is_named(folder):
    ended = Command(folder, {"PORT": "eighty"})("migrate")

    assert ended.returncode == 1
    assert ended.stderr.startswith("These settings can't be used: PORT:")


def test_settings_of_the_environment_reach_the_platform_at_every_start(ecoctrl):
    question = "{ platformConfig { smtpHost smtpPort smtpUser smtpPassSet } }"
    ecoctrl.environment |= PRODUCTION | {"SMTP_HOST": "mail.example.org", "SMTP_PASS": "hunter2"}
    server = ecoctrl.serve()
    server.wait_until_ready()
    first = server.query(question, "admin", ADMIN_PASSWORD)["data"]["platformConfig"]
    server.stop()
    del ecoctrl.environment["SMTP_HOST"]
    ecoctrl.environment["SMTP_USER"] = "eco"
    server = ecoctrl.serve()
    server.wait_until_ready()
    second = server.query(question, "admin", ADMIN_PASSWORD)["data"]["platformConfig"]
    server.stop()

    assert first == {"smtpHost": "mail.example.org", "smtpPort": 587, "smtpUser": "", "smtpPassSet": True}
    assert second == first | {"smtpUser": "eco"}
