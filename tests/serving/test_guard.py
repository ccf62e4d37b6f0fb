"""Who is let in: the right host and origin, the right token; and what browsers are told."""

import base64

import pytest
from servers import TOKEN

from shuzi.errors import ServingError
from shuzi.serving.settings import Settings


def status(served, path="v1/models", method="GET", **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return served.client.request(method, path, headers=names).status_code


def test_only_our_own_name_is_answered(served):
    assert status(served, Host=f"localhost:{served.port}") == 200
    assert status(served, Host=f"[::1]:{served.port}") == 200
    for name in ("evil.example", f"evil.example:{served.port}", "192.168.0.7", "localhost.evil.example", ""):
        assert status(served, Host=name) == 403


def test_pages_of_other_sites_can_do_nothing(served):
    own = f"127.0.0.1:{served.port}"
    assert status(served, Origin=f"http://{own}") == 200
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", f"http://{own}.evil.example"):
        assert status(served, Origin=origin) == 403
        assert status(served, "v1/corrections/1", "DELETE", Origin=origin) == 403
    assert status(served, Sec_Fetch_Site="same-origin") == 200
    for site in ("cross-site", "same-site"):
        assert status(served, Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors") == 403
        # Following a link to the page is no attack; being shown in a frame may be one.
        link = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": "navigate"}
        assert status(served, "docs", Sec_Fetch_Dest="document", **link) == 200
        assert status(served, "docs", Sec_Fetch_Dest="iframe", **link) == 403
        assert status(served, "v1/read", "POST", Sec_Fetch_Dest="document", **link) == 403


def test_the_token(strict):
    assert status(strict) == 200
    for given in ("", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer", "Basic %%%"):
        assert status(strict, Authorization=given) == 401
        assert status(strict, "v2/health/live", Authorization=given) == 401
        assert status(strict, "metrics", Authorization=given) == 401
        assert status(strict, "openapi.json", Authorization=given) == 401
    person = base64.b64encode(f"anyone:{TOKEN}".encode()).decode()
    assert status(strict, "docs", Authorization=f"Basic {person}") == 200
    asked = strict.client.get("docs", headers={"Authorization": "", "Sec-Fetch-Mode": "navigate"})
    assert asked.headers["www-authenticate"].startswith("Basic")
    asked = strict.client.get("v1/models", headers={"Authorization": ""})
    assert asked.headers["www-authenticate"].startswith("Bearer")
    # The page's code is no secret, and must be there to ask for the token.
    assert status(strict, "", Authorization="") == 200
    assert status(strict, "page/../v1/models", Authorization="") in (401, 404)


@pytest.mark.parametrize(
    ("chosen", "word"),
    [
        ({"host": "0.0.0.0"}, "--token"),
        ({"host": "::"}, "--token"),
        ({"token": "short"}, "too short"),
        ({"token": "schlüssel-für-alle"}, "ASCII"),
        ({"port": 70_000}, "port"),
        ({"workers": 0}, "below 1"),
        ({"max_bytes": 10**12}, "lower"),
        ({"seconds": 0.0}, "longer"),
    ],
)
def test_settings_that_make_no_sense(chosen, word, tmp_path):
    with pytest.raises(ServingError, match=word):
        Settings(folder=tmp_path, **chosen).check()
    Settings(folder=tmp_path, host="0.0.0.0", token="long-enough").check()


def test_what_browsers_are_told(served):
    for path in ("", "v1/models", "nothing", "docs/assets/swagger-ui.css"):
        headers = served.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers
        assert "access-control-allow-origin" not in headers
    assert served.client.get("v1/models").headers["cache-control"] == "no-store"
    first = served.client.get("docs/assets/swagger-ui.css")
    assert first.headers["cache-control"] == "no-cache"
    again = served.client.get("docs/assets/swagger-ui.css", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert "unsafe" not in served.client.get("docs").headers["content-security-policy"].split("style-src")[0]


def test_request_ids_metrics_and_documentation(served, caplog):
    given = served.client.get("v1/models", headers={"X-Request-ID": "mine-1"})
    assert given.headers["x-request-id"] == "mine-1"
    made_up = served.client.get("v1/models", headers={"X-Request-ID": "<script>" * 50}).headers[
        "x-request-id"
    ]
    assert made_up.isalnum()
    metrics = served.client.get("metrics").text
    assert 'shuzi_requests_total{method="GET",route="/v1/models",status="200"}' in metrics
    assert "process_resident_memory_bytes" in metrics
    assert "docs/assets/swagger-ui-bundle.js" in served.client.get("docs").text
    assert served.client.get("docs/assets/swagger-ui-bundle.js").status_code == 200
    assert served.client.get("docs/start.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path", ["page/../../app.py", "page/%2e%2e/app.py", "page/..%2fapp.py", "docs/assets/../../x"]
)
def test_files_come_from_their_folder_only(served, path):
    assert served.client.get(path).status_code in (403, 404)
