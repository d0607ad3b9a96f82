# Decrypts a Web Push message (RFC 8291, aes128gcm) with http_ece: JSON of hexadecimal texts on standard input, the message on
# standard output.
import json
import sys

import http_ece
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives.asymmetric import ec

given = json.load(sys.stdin)
key = ec.derive_private_key(int(given["private_key"], 16), ec.SECP256R1(), default_backend())
text = http_ece.decrypt(
    bytes.fromhex(given["body"]),
    private_key=key,
    auth_secret=bytes.fromhex(given["auth"]),
    version="aes128gcm",
)
sys.stdout.write(text.decode())
