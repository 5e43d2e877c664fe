"""A complete billing job: grants the credits that were paid for, then adds up what was used.

    NHIP_URL=http://127.0.0.1:8080 NHIP_TOKEN=nhip_at_... python3 job.py FOLDER

FOLDER/orders.json  what was paid for: [{"order": "A-17", "workspaceId": "...", "credits": 500}, ...]
FOLDER/state.json   written here: how far the stream was read, and what each workspace used

It may be killed at any moment and run again: an order is granted once, and an entry is counted once.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

GRANT = """mutation($input: GrantCreditsInput!) {
  grantCredits(input: $input) { repeated entry { balanceAfter } }
}"""
ENTRIES = """query($after: String) {
  creditEntries(first: 200, after: $after) {
    nodes { workspaceId kind amount }
    pageInfo { hasNextPage endCursor }
  }
}"""


def main(folder):
    grant_orders(read(os.path.join(folder, "orders.json"), default=[]))
    path = os.path.join(folder, "state.json")
    write(path, add_up(read(path, default={"cursor": None, "used": {}})))


def grant_orders(orders):
    for order in orders:
        granted = ask(GRANT, {"input": {
            "workspaceId": order["workspaceId"],
            "amount": order["credits"],
            "reason": f"Order {order['order']}",
            # The order's number is the key: for ever, however often this runs.
            "idempotencyKey": order["order"],
        }})["grantCredits"]
        if not granted["repeated"]:
            print(f"{order['order']}: granted, {granted['entry']['balanceAfter']} left")


def add_up(state):
    """Reads the stream from where the last run stopped. The cursor and the sums are stored together or not at all."""
    while True:
        page = ask(ENTRIES, {"after": state["cursor"]})["creditEntries"]
        for entry in page["nodes"]:
            if entry["kind"] in ("CHARGE", "RESTORE"):
                used = state["used"].get(entry["workspaceId"], 0)
                state["used"][entry["workspaceId"]] = used - entry["amount"]
        # Of an empty page too: then it is the cursor that was sent.
        state["cursor"] = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return state


def ask(query, variables, attempts=6):
    """One operation. Repeating it is harmless: grants go by their keys, reads change nothing."""
    request = urllib.request.Request(
        os.environ["NHIP_URL"] + "/graphql",
        data=json.dumps({"query": query, "variables": variables}).encode(),
        headers={"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["NHIP_TOKEN"]},
    )
    for attempt in range(attempts):
        if attempt:
            time.sleep(2 ** attempt / 4)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise
            continue
        except OSError:
            continue
        errors = answer.get("errors")
        if not errors:
            return answer["data"]
        if errors[0]["extensions"]["code"] not in ("UNAVAILABLE", "INTERNAL", "RATE_LIMITED"):
            sys.exit(f"refused: {errors[0]['message']} ({errors[0]['extensions']['code']})")
    sys.exit("the service does not answer; the next run goes on from here")


def read(path, default):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return default


def write(path, value):
    """Another file first: whoever is killed half-way leaves the old one."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


if __name__ == "__main__":
    main(sys.argv[1])
