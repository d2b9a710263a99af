"""A real https server on this machine that plays a calendar from outside, and the network in which it is reached."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from scheduler.outside.addresses import Address, Network

NAME = "calendar.example.org"
HERE = ip_address("127.0.0.1")
MACHINE = ip_address("127.0.0.2")  # the only private machine that these tests may ask


@cache
def certificate() -> tuple[bytes, bytes]:
    """Return a certificate for the name, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    begun = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return signed.public_bytes(serialization.Encoding.PEM), private


@dataclass
class Outside:
    """The server while it runs: what it answers at each path, and what it was asked."""

    port: int = 0
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    trusted: bool = True

    def address(self, path: str = "/calendar.ics") -> str:
        """Return the address of a path."""
        return f"https://{NAME}:{self.port}{path}"

    def serve(self, content: bytes, path: str = "/calendar.ics", status: int = 200, **headers: str) -> None:
        """Answer a path with some bytes."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content_Length": str(len(content)), **headers}.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(content)

        self.answers[path] = answer

    def redirect(self, to: str, path: str = "/calendar.ics") -> None:
        """Send whoever asks for a path on to another address."""
        self.serve(b"", path, 302, Location=to)

    def trickle(self, pause: float) -> None:
        """Answer with a byte now and then, for ever."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.end_headers()
            for _ in range(1000):
                handler.wfile.write(b"B")
                handler.wfile.flush()
                time.sleep(pause)

        self.answers["/calendar.ics"] = answer

    @property
    def network(self) -> Network:
        """The network in which this server, and no other private machine, may be reached."""
        authority = certificate()[0].decode() if self.trusted else None
        return Network(
            resolve=self._resolve,
            may_reach=lambda machine: machine == MACHINE,
            ports=frozenset({self.port}),
            tls=ssl.create_default_context(cadata=authority),
        )

    @staticmethod
    def _resolve(host: str, _port: int) -> list[Address]:
        known = {
            NAME: [MACHINE],
            "localhost": [ip_address("127.0.0.1")],
            "two.example.org": [MACHINE, ip_address("::1")],
        }
        try:
            return [ip_address(host.strip("[]"))]
        except ValueError:
            return known.get(host, [])


@contextmanager
def outside_server() -> Iterator[Outside]:
    """Run the server."""
    outside = Outside()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            outside.asked.append((self.path, dict(self.headers)))
            try:
                outside.answers[self.path](self)
            except OSError:
                self.close_connection = True  # the asker has gone

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Stay silent about an asker who does not trust us."""

    server = Server((str(MACHINE), 0), Handler)
    with TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("certificate.pem", "key.pem")]
        for path, content in zip(paths, certificate(), strict=True):
            path.write_bytes(content)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*paths)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    outside.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield outside
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
