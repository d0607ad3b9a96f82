"""An alarm server with ESPA-X 1.00, written from the public schema with Python's own XML reader.

It takes the user "vigilia" with the password "hush-hush", prints each request as one JSON object per line, and reports that a
person accepted each call whose text contains "accept", without a name where it contains "unnamed". After "SIGUSR1" it answers nothing any more.
At "SIGUSR2" it reports on the last connection that a person accepted the last call.

usage: espa-x-server.py PORT   (0: a free one)
"""

import json
import signal
import socket
import struct
import sys
import threading
import xml.etree.ElementTree as ET

NAMESPACE = "{http://ns.espa-x.org/espa-x}"
silent = threading.Event()
connections = []
started = []
signal.signal(signal.SIGUSR1, lambda *_: silent.set())
signal.signal(signal.SIGUSR2, lambda *_: accept(connections[-1], started[-1], "Ana & Eva"))


def report(**fields):
    print(json.dumps(fields), flush=True)


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return data


def send(connection, name, session, number=None, **fields):
    root = ET.Element(NAMESPACE + "ESPA-X", version="1.00", timestamp="2026-01-01T00:00:00")
    message = ET.SubElement(root, NAMESPACE + name, sessionID=session)
    if number is not None:
        message.set("invokeID", str(number))
    for key, value in fields.items():
        ET.SubElement(message, NAMESPACE + key.replace("_", "-")).text = value
    xml = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    connection.sendall(b"EX" + struct.pack(">II", len(xml) + 10, number or 0) + xml)


def accept(connection, ref, name_of_person):
    person = {"SS_NETW_NAME": name_of_person, "SS_STATUS": "Completed", "SS_RESULT": "Accepted"}
    send(connection, "IND.P-EVENT", "s-1", CP_PR_REF=ref, SP_PR_TAN="7", **person)


def serve(connection):
    session = ""
    running = set()
    while True:
        magic, length, number = struct.unpack(">2sII", read_exactly(connection, 10))
        root = ET.fromstring(read_exactly(connection, length - 10))
        message = root[0]
        name = message.tag.removeprefix(NAMESPACE)
        fields = {child.tag.removeprefix(NAMESPACE): child.text for child in message}
        if silent.is_set():
            continue
        report(event="request", name=name, fields=fields, number_in_header=number == int(message.get("invokeID")))
        number = int(message.get("invokeID"))
        answer = {"RSP_CODE": "200", "RSP_REASON": "OK"}
        if name == "REQ.LOGIN":
            good = (fields["LI-USER"], fields["LI-PASSWORD"]) == ("vigilia", "hush-hush")
            session = "s-1" if good else ""
            if not good:
                answer = {"RSP_CODE": "401", "RSP_REASON": "Unauthorized"}
        elif message.get("sessionID") != session:
            answer = {"RSP_CODE": "403", "RSP_REASON": "Forbidden"}
        ref = fields.get("CP-PR-REF")
        if name == "REQ.P-START" and ref in running:
            answer = {"RSP_CODE": "450", "RSP_REASON": "Duplicate"}
        if name == "REQ.P-STOP" and ref not in running:
            answer = {"RSP_CODE": "404", "RSP_REASON": "Not Found"}
        send(connection, name.replace("REQ.", "RSP."), session, number, **answer)
        if name == "REQ.P-START":
            running.add(ref)
            started.append(ref)
            send(connection, "IND.P-STARTED", session, CP_PR_REF=ref, SP_PR_TAN="7", SP_STATUS="Active")
            if "accept" in fields["CP-TEXTMSG"]:
                accept(connection, ref, "" if "unnamed" in fields["CP-TEXTMSG"] else "Ana & Eva")
        if name == "REQ.P-STOP":
            running.discard(ref)


def handle(connection):
    try:
        serve(connection)
    except (ConnectionError, OSError):
        connection.close()


server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
report(event="at", port=server.getsockname()[1])
while True:
    accepted, _ = server.accept()
    connections.append(accepted)
    threading.Thread(target=handle, args=(accepted,), daemon=True).start()
