"""An SMTP server on loopback: prints its port, then one JSON object for each message it takes.

Its one argument is a JSON object: mode (none, starttls, tls), certificate, key, user, password.
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

asked = json.loads(sys.argv[1])


class Handler:
    async def handle_DATA(self, server, session, envelope):
        who = session.auth_data.login.decode() if session.authenticated else None
        print(
            json.dumps(
                {
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "data": envelope.content.decode(),
                    "encrypted": session.ssl is not None or asked["mode"] == "tls",
                    "user": who,
                }
            ),
            flush=True,
        )
        return "250 OK"


def login(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and data == LoginPassword(
        asked["user"].encode(), asked["password"].encode()
    )
    return AuthResult(success=right, handled=False, auth_data=data)


async def main():
    context = None
    if asked["mode"] != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(asked["certificate"], asked["key"])
    wants_login = asked.get("user") is not None

    def session():
        return SMTP(
            Handler(),
            tls_context=context if asked["mode"] == "starttls" else None,
            require_starttls=asked["mode"] == "starttls",
            authenticator=login if wants_login else None,
            auth_required=wants_login,
            auth_require_tls=asked["mode"] == "starttls",
        )

    encrypted = context if asked["mode"] == "tls" else None
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0, ssl=encrypted)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
