"""Sends mail to whoever is mentioned in a comment. Part of jupyter_server_config.py, or of the hub service's."""

import json
import logging
import os
import smtplib
from email.message import EmailMessage
from logging.handlers import QueueHandler, QueueListener
from queue import SimpleQueue

from jupyter_speccollab.document.user import user_id_of

SERVER = os.environ.get("SMTP_SERVER", "localhost:25")
PEOPLE = {user_id_of("jupyter", login): f"{login}@example.org" for login in ("ada", "bob")}
PAGE = "https://lab.example.org/lab?spec="


class Mail(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        event = json.loads(record.getMessage())
        if not event["__schema__"].endswith("/people-mentioned/v1"):
            return
        with smtplib.SMTP(SERVER) as smtp:
            for address in {PEOPLE[user] for user in event["mentions"] if user in PEOPLE}:
                mail = EmailMessage()
                mail["From"], mail["To"] = "specs@example.org", address
                mail["Subject"] = f"{event['login']} mentions you in a spec"
                mail.set_content(f"{PAGE}{event['specId']}\n")
                smtp.send_message(mail)


waiting = SimpleQueue()  # mail is sent in a thread, so that nobody waits for it
QueueListener(waiting, Mail()).start()
c.EventLogger.handlers = [QueueHandler(waiting)]  # noqa: F821 (Jupyter's configuration)
