"""A real browser that opens a page from its file, driven over a pipe by the DevTools protocol."""

from __future__ import annotations

import json
import os
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
)  # fmt: skip
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40}
"""Keys that are no signs, by their number."""


@dataclass
class Browser:
    """One tab: what is asked of it, and what it told of requests, faults and refusals meanwhile."""

    to: BinaryIO
    back: BinaryIO
    session: str = ""
    number: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Call a method of the protocol; events that come before its answer are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        self.to.write(json.dumps(message | ({"sessionId": self.session} if self.session else {})).encode() + b"\0")
        self.to.flush()
        while (answer := self._next()).get("id") != self.number:
            self.events.append(answer)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self) -> dict[str, Any]:
        raw = bytearray()
        while (sign := self.back.read(1)) != b"\0":
            assert sign, "the browser has gone"
            raw += sign
        message: dict[str, Any] = json.loads(raw)
        return message

    def told(self, method: str) -> list[dict[str, Any]]:
        """Return what events of a kind said."""
        return [event["params"] for event in self.events if event.get("method") == method]

    # --- as a person ------------------------------------------------------------------------------------

    def open(self, address: str, width: int = 1280, height: int = 900) -> None:
        """Open a page in a window of this size, and wait until it stands."""
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")
        self.ask("Page.setLifecycleEventsEnabled", enabled=True)
        self.resize(width, height)
        self.events.clear()
        loading = self.ask("Page.navigate", url=address)["loaderId"]
        while not any(
            (told["loaderId"], told["name"]) == (loading, "load") for told in self.told("Page.lifecycleEvent")
        ):
            self.events.append(self._next())

    def resize(self, width: int, height: int) -> None:
        """Make the window as large."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def script(self, expression: str) -> Any:  # noqa: ANN401 - whatever it comes to
        """Return what an expression comes to in the page, after what is due there has been done."""
        later = f"new Promise(done => setTimeout(() => setTimeout(() => done({expression}), 0), 0))"
        told = self.ask("Runtime.evaluate", expression=later, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def click(self, selector: str, number: int = 0) -> None:
        """Click on one of the elements that a selector finds."""
        self.script(f"document.querySelectorAll({json.dumps(selector)})[{number}].click()")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            told: dict[str, Any] = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
            typed = {"text": "\r"} if key == "Enter" else {}
            self.ask("Input.dispatchKeyEvent", type="keyDown", **told, **typed)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **told)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.ask("Input.insertText", text=text)

    def picture(self, file: Path) -> None:
        """Keep what the window shows."""
        file.write_bytes(b64decode(self.ask("Page.captureScreenshot")["data"]))

    def print(self, file: Path) -> None:
        """Print the page as a PDF."""
        file.write_bytes(b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"]))


@contextmanager
def browser(program: Path, folder: Path) -> Iterator[Browser]:
    """Start a browser with a profile in this folder; give a tab of it, and end it afterwards."""
    down, up = folder / "down", folder / "up"
    for pipe in (down, up):
        os.mkfifo(pipe)
    options = (*FLAGS, f"--user-data-dir={folder / 'profile'}")
    command = ["sh", "-c", 'exec "$0" "$@" 3<"$DOWN" 4>"$UP"', str(program), *options]
    variables = {**os.environ, "DOWN": str(down), "UP": str(up)}
    with (
        subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as process,
        down.open("wb") as to,
        up.open("rb") as back,
    ):
        tab = Browser(to, back)
        target = tab.ask("Target.createTarget", url="about:blank")["targetId"]
        tab.session = tab.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        try:
            yield tab
        finally:
            process.terminate()
            process.wait(30)
