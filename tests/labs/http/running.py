"""What the tests of the HTTP labs share: programs that run for the length of a test, raw exchanges."""

import contextlib
import pathlib
import socket
import subprocess
import time


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(command, port, **options):
    """Runs it until the port answers, and ends it afterwards."""
    program = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, **options)
    try:
        for _ in range(500):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            assert program.poll() is None, f"{command} ended with {program.returncode}"
            time.sleep(0.02)
        else:
            raise AssertionError(f"{command} does not listen on port {port}")
        yield program
    finally:
        program.terminate()
        try:
            program.wait(10)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def read_reply(stream, head_only=False):
    """One reply from a socket's file: (status, fields, body). Interim ones are skipped."""
    status = stream.readline()
    if not status:
        return None
    code = int(status.split()[1])
    fields = {}
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, value = line.decode("latin-1").split(":", 1)
        fields[name.lower()] = value.strip()
    if 100 <= code < 200:
        return read_reply(stream, head_only)
    length = 0 if head_only or code in (204, 304) else int(fields["content-length"])
    return code, fields, stream.read(length)


def ask(port, request, dribble=False, end=True):
    """All replies to these bytes, sent at once or byte by byte; and whether the connection was cut off."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):  # who refuses may close before it has heard all
            for piece in ([bytes([b]) for b in request] if dribble else [request]):
                connection.sendall(piece)
            if end:
                connection.shutdown(socket.SHUT_WR)
        replies = []
        with connection.makefile("rb") as stream:
            while (reply := read_reply(stream, request.startswith(b"HEAD "))) is not None:
                replies.append(reply)
        return replies


def nginx(folder, port, server_lines, workers=1):
    """A configuration file for an nginx of our own, below `folder`; gives back the command."""
    folder = pathlib.Path(folder)
    config = folder / "nginx.conf"
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in
                         ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config.write_text(f"""
daemon off; worker_processes {workers}; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 4096; }}
http {{ access_log off; {temporary} types {{ text/plain txt; text/html html; }}
  server {{ listen 127.0.0.1:{port}; {server_lines} }} }}
""")
    return ["nginx", "-p", folder, "-e", folder / "nginx.log", "-c", config]
