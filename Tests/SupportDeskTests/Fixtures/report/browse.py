"""Opens a page in headless Chromium, as a phone and a desktop show it, light, dark and printed, and looks at it.

    browse.py PAGE FOLDER

Speaks the DevTools protocol over a pipe: https://chromedevtools.github.io/devtools-protocol/. Writes screenshots and a PDF into
FOLDER, and to standard output as JSON what the audit beside this file finds in each view, what the Tab key reaches, what a screen
reader is told, and what the page asked of the network.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

VIEWS = [("phone", 390, 844, 3, True), ("desktop", 1280, 900, 1, False)]


class Chromium:
    def __init__(self, profile):
        program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
        if program is None:
            sys.exit("no chromium: Tests/install installs it")
        requests, self.writer = os.pipe()
        self.reader, answers = os.pipe()

        def arrange():
            # The protocol wants its pipe at 3 and 4; both ends are moved out of the way first.
            first, second = os.dup2(requests, 50), os.dup2(answers, 51)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [
                program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-extensions", "--disable-background-networking", "--disable-component-update",
                "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
                "--remote-debugging-pipe", "about:blank",
            ], preexec_fn=arrange, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(requests)
        os.close(answers)
        self.rest, self.number, self.session = b"", 0, None
        self.requests = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Network", "DOM", "Accessibility"]:
            self.call(f"{domain}.enable")

    def receive(self):
        while b"\0" not in self.rest:
            data = os.read(self.reader, 1 << 20)
            if not data:
                sys.exit("chromium ended by itself")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        message = json.loads(message)
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        return message

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]

    def wait(self, event):
        while self.receive().get("method") != event:
            pass

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def evaluate(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in result:
            sys.exit(f"the audit failed: {result['exceptionDetails']}")
        return result["result"].get("value")

    def show(self, width, height, scale, mobile, scheme, media=""):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=mobile)
        self.call(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def save(self, path):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        data = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True,
            clip={"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12000), "scale": 1})["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
        return size["height"]

    def tab(self, times):
        seen = []
        for _ in range(times):
            for kind in ["keyDown", "keyUp"]:
                self.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
            seen.append(self.evaluate(
                "(() => { const node = document.activeElement; const style = getComputedStyle(node);"
                " return {tag: node.tagName, text: (node.getAttribute('aria-label') || node.textContent).trim().slice(0, 60),"
                " outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || node.matches('.skip')} })()"))
        return seen

    def close(self):
        try:
            self.call("Browser.close")
        finally:
            self.process.wait(timeout=20)


def main():
    page, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "audit.js")) as file:
        audit = file.read()
    result = {"views": {}}
    with tempfile.TemporaryDirectory() as profile:
        browser = Chromium(profile)
        try:
            # What is read must not need any script.
            for name, width, height, scale, mobile in VIEWS:
                for scheme in ["light", "dark"]:
                    browser.show(width, height, scale, mobile, scheme)
                    browser.open(f"file://{page}")
                    browser.evaluate("for (const node of document.querySelectorAll('details')) node.open = true")
                    problems = browser.evaluate(audit)
                    browser.evaluate("for (const node of document.querySelectorAll('details')) node.open = false")
                    problems += [line for line in browser.evaluate(audit) if line not in problems]
                    tall = browser.save(os.path.join(folder, f"{name}-{scheme}.png"))
                    result["views"][f"{name} {scheme}"] = {"problems": problems, "height": tall}
            browser.open(f"file://{page}")
            result["tab"] = browser.tab(24)
            nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
            roles = [
                {"role": node["role"]["value"], "name": node.get("name", {}).get("value", "")}
                for node in nodes if not node.get("ignored") and "role" in node]
            result["spoken"] = [node for node in roles if node["role"] in (
                "heading", "image", "img", "region", "navigation", "main", "table", "link", "DisclosureTriangle")]
            browser.show(1280, 900, 1, False, "dark", "print")
            result["print"] = browser.evaluate(
                "({paper: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.body).color,"
                " nav: getComputedStyle(document.querySelector('nav')).display})")
            browser.show(1280, 900, 1, False, "light")
            pdf = browser.call("Page.printToPDF", printBackground=True, paperWidth=8.27, paperHeight=11.69)["data"]
            with open(os.path.join(folder, "page.pdf"), "wb") as file:
                file.write(base64.b64decode(pdf))
            result["requests"] = sorted({url for url in browser.requests if not url.startswith(("file:", "about:"))})
        finally:
            browser.close()
    json.dump(result, sys.stdout)


main()
