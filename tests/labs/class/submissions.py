"""Work to grade: servers for lab 01, right and wrong."""

GOOD = """
import socket, sys
listener = socket.create_server(("", int(sys.argv[1])))
peer, _ = listener.accept()
count = 0
while got := peer.recv(65536): count += len(got)
peer.sendall(f"received {count} bytes\\n".encode())
peer.close()
"""
HASTY = GOOD.replace("while got := peer.recv(65536): count += len(got)", "count += len(peer.recv(1000))")
