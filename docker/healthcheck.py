"""Exit code 0 when the health page of the web service answers 200. Standard library only.

python docker/healthcheck.py [HOST[:PORT]]      default: localhost:8000, the container itself
"""

import http.client
import os
import sys


def main(place: str) -> int:
    """Ask the health page, by the name under which the portal is known."""
    known_as = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".") or "localhost"
    talk = http.client.HTTPConnection(place, timeout=8)
    try:
        talk.request("GET", "/healthz", headers={"Host": known_as})
        answer = talk.getresponse()
    except OSError as error:
        sys.stderr.write(f"{place} does not answer: {error}\n")
        return 1
    sys.stdout.write(answer.read(2000).decode("utf-8", errors="replace") + "\n")
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "localhost:8000"))
