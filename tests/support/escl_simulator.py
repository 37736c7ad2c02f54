"""A network scanner that is not there: eSCL (AirScan) over HTTP, as sane-airscan speaks it. It has a glass and a feeder that
reads both sides, and delivers pages that are given as PNG files.

    with EsclScanner(pages=[png, ...]) as scanner:      # the feeder's stack, front and back in turn for duplex
        scanner.configuration(folder)                   # SANE's configuration that knows this scanner alone
"""

import http.server
import itertools
import pathlib
import re
import threading

CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.6</pwg:Version><pwg:MakeAndModel>Harbour MFP 9</pwg:MakeAndModel><pwg:SerialNumber>1</pwg:SerialNumber>
<scan:UUID>1c8ba8f6-0000-4000-8000-000000000001</scan:UUID>
<scan:Platen><scan:PlatenInputCaps>{caps}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps>{caps}</scan:AdfSimplexInputCaps><scan:AdfDuplexInputCaps>{caps}</scan:AdfDuplexInputCaps>
<scan:FeederCapacity>500</scan:FeederCapacity></scan:Adf>
</scan:ScannerCapabilities>"""

INPUT = """<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth><scan:MinHeight>16</scan:MinHeight>
<scan:MaxHeight>3508</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/png</pwg:DocumentFormat><scan:DocumentFormatExt>image/png</scan:DocumentFormatExt></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}</scan:DiscreteResolutions></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles>"""

RESOLUTION = "<scan:DiscreteResolution><scan:XResolution>{0}</scan:XResolution><scan:YResolution>{0}</scan:YResolution></scan:DiscreteResolution>"

STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.6</pwg:Version><pwg:State>{state}</pwg:State><scan:AdfState>{adf}</scan:AdfState></scan:ScannerStatus>"""


class EsclScanner:
    """`pages` is the stack in the feeder; `glass` lies on the glass. A jam comes after `jam_after` pages, once."""

    def __init__(self, pages=(), glass=None, jam_after=None, resolutions=(75, 150, 300)):
        self.stack = list(pages)
        self.glass = glass
        self.jam_after = jam_after
        self.before_jam = lambda: None  # waits until the pages before it have arrived, as paper takes its time
        # The same before the stack's end. When the driver hears of that before the program that asked for the scan has woken up,
        # it tells of no paper though it has pages: paper is never so quick.
        self.at_start = lambda: None  # what before_end gets
        self.before_end = lambda started: None
        self.jammed = False
        self.delivered = 0
        self.both_sides = False  # whether the order that came last wants them
        self.hold = None  # an Event: pages wait for it
        self.jobs = {}
        self.started = {}
        self.requests = []  # what was asked and answered, for the message of a test that fails
        self.numbers = itertools.count(1)
        caps = INPUT.format(resolutions="".join(RESOLUTION.format(each) for each in resolutions))
        self.capabilities = CAPABILITIES.format(caps=caps)
        scanner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body=b"", kind="text/xml", **headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if self.path.endswith("/ScannerCapabilities"):
                    return self.answer(200, scanner.capabilities.encode())
                if self.path.endswith("/ScannerStatus"):
                    return self.answer(200, scanner.status().encode())
                job = re.search(r"/ScanJobs/(\d+)/NextDocument", self.path)
                if job:
                    page = scanner.next_page(int(job.group(1)))
                    if page is not None:
                        return self.answer(200, page, "image/png")
                    return self.answer(503 if scanner.jammed else 404)
                self.answer(404)

            def do_POST(self):
                order = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if not self.path.endswith("/ScanJobs"):
                    return self.answer(404)
                platen = "Platen" in order
                scanner.both_sides = "<scan:Duplex>true<" in order
                if scanner.jammed or (not platen and not scanner.stack):
                    return self.answer(409 if not scanner.jammed else 503)
                number = next(scanner.numbers)
                scanner.jobs[number] = [scanner.glass] if platen else None
                scanner.started[number] = scanner.at_start()
                self.answer(201, Location=f"{scanner.url}/ScanJobs/{number}")

            def do_DELETE(self):
                self.answer(200)

            def log_request(self, code="-", size="-"):
                scanner.requests.append(f"{self.requestline}: {int(code)}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/eSCL"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def status(self):
        adf = "ScannerAdfJam" if self.jammed else "ScannerAdfLoaded" if self.stack else "ScannerAdfEmpty"
        return STATUS.format(state="Stopped" if self.jammed else "Idle", adf=adf)

    def next_page(self, job):
        """Its PNG; None at the end of the stack, or in a jam."""
        if self.hold:
            self.hold.wait()
        if self.jobs.get(job) is not None:
            if self.jobs[job]:
                return self.jobs[job].pop()
            self.before_end(self.started[job])
            return None
        if self.jam_after is not None and self.delivered >= self.jam_after:
            self.before_jam()
            self.jammed, self.jam_after = True, None
            return None
        if not self.stack:
            self.before_end(self.started.get(job))
            return None
        self.delivered += 1
        page = self.stack.pop(0)
        return page() if callable(page) else page

    def clear_jam(self):
        self.jammed = False

    def configuration(self, folder):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "dll.conf").write_text("airscan\n")
        (folder / "airscan.conf").write_text(f'[devices]\n"Harbour MFP" = {self.url}\n[options]\ndiscovery = disable\n'
                                             "ws-discovery = off\nmodel = hardware\n")
        return folder
