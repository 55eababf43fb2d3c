"""Gives what Faultline sends to the client libraries of PagerDuty and Slack. Reads a JSON object from stdin, prints one."""

import json
import sys

from pagerduty import EventsApiV2Client, RestApiV2Client
from slack_sdk import WebClient
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier


def at(client, url):
    """PagerDuty's client insists on https, which the stub on loopback has not."""
    client._url = url
    return client


def check_pagerduty(given):
    event = given["event"]
    url = given["pagerdutyUrl"]
    events = at(EventsApiV2Client(given["routingKey"]), url)
    # The same event through PagerDuty's client must find the incident that Faultline opened.
    key = events.trigger(
        event["payload"]["summary"],
        event["payload"]["source"],
        dedup_key=event["dedup_key"],
        severity=event["payload"]["severity"],
        payload=event["payload"],
        links=event["links"],
    )
    rest = at(RestApiV2Client(given["apiToken"], default_from=given["from"]), url)
    incidents = rest.list_all("incidents", params={"incident_key": key, "statuses[]": ["triggered"]})
    notes = rest.rget("/incidents/%s/notes" % incidents[0]["id"])
    events.acknowledge(key)
    events.resolve(key)
    return {"key": key, "titles": [one["title"] for one in incidents], "notes": [one["content"] for one in notes]}


def check_slack(given):
    # Parsing checks the types of blocks, writing checks their limits.
    blocks = [block.to_dict() for block in Block.parse_all(given["blocks"])]
    client = WebClient(token=given["slackToken"], base_url=given["slackUrl"])
    answer = client.chat_postMessage(channel=given["slackChannel"], text=given["text"], blocks=blocks)
    signed = given["signed"]
    verifier = SignatureVerifier(given["signingSecret"])
    verifier.clock.now = lambda: float(signed["timestamp"])
    isValid = verifier.is_valid(signed["body"], signed["timestamp"], signed["signature"])
    return {"ok": answer["ok"], "types": [block["type"] for block in blocks], "isSignatureValid": isValid}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump({"pagerduty": check_pagerduty(given), "slack": check_slack(given)}, sys.stdout)
