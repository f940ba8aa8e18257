"""A receiver of OTLP logs over HTTP: decodes requests by the official schema, keeps each record as a
line of JSON, and only then acknowledges it. What it does next a file called `mode` in its folder says:
take, unavailable, silent (takes, and its answer is lost), reject (takes all but one)."""

import json
import os
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)

folder, port = sys.argv[1], int(sys.argv[2])


def mode():
    with open(os.path.join(folder, "mode")) as file:
        return file.read().strip()


def kept(record, resource):
    attributes = {a.key: a.value for a in record.attributes}
    return {
        "uid": attributes["log.record.uid"].string_value,
        "sequence": attributes["bureau.audit.sequence"].int_value,
        "event": record.event_name,
        "severity": record.severity_number,
        "time": record.time_unix_nano,
        "service": {a.key: a.value.string_value for a in resource.attributes}["service.name"],
        "line": record.body.string_value,
    }


class Collector(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        doing = mode()
        if self.path != "/v1/logs" or self.headers["authorization"] != "Bearer of-the-test":
            return self.answer(401, b"who are you?")
        if doing == "unavailable":
            return self.answer(503, b"later", {"retry-after": "1"})
        # Anything that is not in the schema is an error.
        request = json_format.Parse(body, ExportLogsServiceRequest())
        answer = ExportLogsServiceResponse()
        with open(os.path.join(folder, "taken"), "a") as file:
            for resource in request.resource_logs:
                for scope in resource.scope_logs:
                    for record in scope.log_records:
                        if doing == "reject" and not answer.partial_success.rejected_log_records:
                            answer.partial_success.rejected_log_records = 1
                            answer.partial_success.error_message = "not this one"
                            continue
                        file.write(json.dumps(kept(record, resource.resource)) + "\n")
        if doing == "silent":
            self.close_connection = True
            return
        self.answer(200, json_format.MessageToJson(answer).encode())

    def answer(self, status, body, headers={}):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", port), Collector)
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=os.path.join(folder, "ca.pem"))
context.load_cert_chain(os.path.join(folder, "server.pem"))
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
