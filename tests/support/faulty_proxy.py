"""A TCP proxy on the loopback at which something happens once so many bytes have passed."""

import socket
import threading


class FaultyProxy:
    """Forwards to 127.0.0.1:`target_port`. Use in a `with`."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.lock = threading.Lock()
        self.connections = set()
        self.passed = 0
        self.fault_at = None
        self.fault = None
        self.fired = threading.Event()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.cut()

    def arm(self, after_bytes, fault):
        """fault() is called once `after_bytes` more, of both directions, have passed."""
        with self.lock:
            self.fired.clear()
            self.passed, self.fault_at, self.fault = 0, after_bytes, fault

    def disarm(self):
        """Whether the fault was let loose; waits for its end."""
        with self.lock:
            waits, self.fault = self.fault, None
        if waits is None:
            self.fired.wait()
        return waits is None

    def cut(self):
        """Ends every connection in the middle of whatever it is doing."""
        with self.lock:
            for connection in self.connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # gone already

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target_port))
            except OSError:
                client.close()
                continue
            with self.lock:
                self.connections |= {client, server}
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._forward, args=(source, target), daemon=True).start()

    def _forward(self, source, target):
        try:
            while data := source.recv(16 * 1024):
                for piece in self._pieces(data):
                    target.sendall(piece)
        except OSError:
            pass  # the other end is gone: so is this one
        try:
            target.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # gone already
        with self.lock:
            self.connections.discard(source)
            source.close()  # the other direction's thread closes the other

    def _pieces(self, data):
        """The data; the fault is let loose between the byte at which it is due and the next."""
        with self.lock:
            left = None if self.fault is None else self.fault_at - self.passed
            self.passed += len(data)
            fault = self.fault if left is not None and left < len(data) else None
            if fault:
                self.fault = None
        if not fault:
            yield data
            return
        yield data[:max(left, 0)]
        fault()
        self.fired.set()
        yield data[max(left, 0):]
