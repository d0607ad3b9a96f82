"""A paging system of the package digimat-espa behind a TCP port, or behind a pseudo terminal.

The package speaks over its own serial port; this program carries the bytes between that port and the other side.
It prints one JSON object per line: where it is ("at"), each call ("call"), and the end of a connection ("closed").

usage: espa-paging-system.py tcp|serial PORT [damage]   (port 0: a free one)
damage: one bit of the first block from the other side is inverted
"""

import json
import logging
import os
import select
import socket
import sys
import threading
import tty

from digimat.espa import espa, link


def report(**fields):
    print(json.dumps(fields), flush=True)


def terminal():
    ours, theirs = os.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    return ours, os.ttyname(theirs)


decode_text = espa.MessageServer.decodeBuffer


def decode(self, buffer):
    # The package splits the block as text, which the bytes of Python 3 are not.
    return decode_text(self, bytes(buffer).decode())


espa.MessageServer.decodeBuffer = decode


class PagingSystem(espa.MultiChannelServer):
    def onNotification(self, notification):
        report(event="call", records=notification.data)


def carry(port, other, damage):
    """Carries bytes in both directions until the other side ends."""
    while True:
        readable, _, _ = select.select([port, other], [], [])
        if port in readable:
            os.write(other, os.read(port, 1024))
        if other in readable:
            data = bytearray(os.read(other, 1024))
            if not data:
                return
            if damage and 0x01 in data:
                data[data.index(0x01) + 3] ^= 0x01
                damage = False
            os.write(port, bytes(data))


def serve_tcp(port, damage):
    server = socket.create_server(("127.0.0.1", wanted))
    report(event="at", port=server.getsockname()[1])
    while True:
        connection, _ = server.accept()
        try:
            carry(port, connection.fileno(), damage)
        except OSError:
            pass
        connection.close()
        damage = False
        report(event="closed")


def serve_terminal(port, damage):
    other, path = terminal()
    report(event="at", path=path)
    carry(port, other, damage)


mode, wanted, damage = sys.argv[1], int(sys.argv[2]), "damage" in sys.argv[3:]
port, path = terminal()
system = PagingSystem()
system.add(espa.Server(link.LinkSerial("pager", path), logLevel=logging.CRITICAL))
threading.Thread(target=serve_tcp if mode == "tcp" else serve_terminal, args=(port, damage), daemon=True).start()
system.run()
