# ruff: noqa: ISC004 - long lines of logs are written in pieces
"""One line or more of each form, as its maker's documentation shows it, with values of our own."""

from typing import Final, NamedTuple


class Sample(NamedTuple):
    """Lines of one form, and what the last of them says."""

    form: str
    lines: tuple[str, ...]
    at_s: float
    client: str
    method: str
    target: str
    status: int
    answer_size: int = 0
    user: str = ""
    elapsed_s: float = 0.0
    agent: str = ""


AT_S: Final = 1_796_045_655.0  # 2026-11-30T13:34:15Z
IIS: Final = (
    "#Software: Microsoft Internet Information Services 10.0",
    "#Version: 1.0",
    "#Date: 2026-11-30 13:34:00",
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) "
    "sc-status sc-substatus sc-win32-status time-taken",
)
CLOUDFRONT: Final = (
    "#Version: 1.0",
    "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
    "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes "
    "time-taken x-forwarded-for",
)
SAMPLES: Final = (
    Sample(
        "common",
        ('192.0.2.7 - anna [30/Nov/2026:14:34:15 +0100] "GET /orders/17?key=s3cret HTTP/1.1" 200 2326',),
        AT_S, "192.0.2.7", "GET", "/orders/17?key=s3cret", 200, 2326, "anna",
    ),
    Sample(
        "combined",
        ('2001:db8::7 - - [30/Nov/2026:13:34:15 +0000] "POST /orders HTTP/2.0" 201 64 "https://shop.example/" '
         '"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"',),
        AT_S, "2001:db8::7", "POST", "/orders", 201, 64,
        agent="Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
    ),
    Sample(
        "nginx",
        ('10.0.0.2 - - [30/Nov/2026:13:34:15 +0000] "GET /a HTTP/1.1" 304 0 "-" "curl/8.5.0" "192.0.2.7, 10.0.0.9"',),
        AT_S, "10.0.0.2", "GET", "/a", 304, 0, agent="curl/8.5.0",
    ),
    Sample(
        "vhost",
        ('shop.example:443 192.0.2.7 - - [30/Nov/2026:13:34:15 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8.5.0"',),
        AT_S, "192.0.2.7", "GET", "/", 200, 512, agent="curl/8.5.0",
    ),
    Sample(
        "traefik",
        ('192.0.2.7 - - [30/Nov/2026:13:34:15 +0000] "GET /api/users HTTP/1.1" 404 19 "-" "curl/8.5.0" 12 '
         '"web@docker" "http://10.0.0.2:80" 3ms',),
        AT_S, "192.0.2.7", "GET", "/api/users", 404, 19, elapsed_s=0.003, agent="curl/8.5.0",
    ),
    Sample(
        "traefik-json",
        ('{"ClientAddr":"192.0.2.7:52811","ClientHost":"192.0.2.7","ClientUsername":"-","DownstreamContentSize":19,'
         '"DownstreamStatus":404,"Duration":3000000,"RequestMethod":"GET","RequestPath":"/api/users","RequestProtocol":'
         '"HTTP/1.1","StartUTC":"2026-11-30T13:34:15Z","entryPointName":"web","level":"info","msg":"",'
         '"request_User-Agent":"curl/8.5.0","time":"2026-11-30T13:34:16Z"}',),
        AT_S, "192.0.2.7", "GET", "/api/users", 404, 19, elapsed_s=0.003, agent="curl/8.5.0",
    ),
    Sample(
        "haproxy",
        ('Nov 30 13:34:15 web haproxy[14389]: 192.0.2.7:33317 [30/Nov/2026:13:34:15.000] http-in static/srv1 '
         '10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {shop.example} {} "GET /index.html HTTP/1.1"',),
        AT_S, "192.0.2.7", "GET", "/index.html", 200, 2750, elapsed_s=0.109,
    ),
    Sample(
        "caddy",
        ('{"level":"info","ts":1796045655.0,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":'
         '"192.0.2.7","remote_port":"41342","client_ip":"192.0.2.7","proto":"HTTP/2.0","method":"GET","host":'
         '"shop.example","uri":"/orders?page=2","headers":{"User-Agent":["curl/8.5.0"],"Accept":["*/*"]},"tls":'
         '{"resumed":false,"version":772}},"bytes_read":0,"user_id":"anna","duration":0.25,"size":10900,"status":200,'
         '"resp_headers":{"Server":["Caddy"]}}',),
        AT_S, "192.0.2.7", "GET", "/orders?page=2", 200, 10900, "anna", 0.25, "curl/8.5.0",
    ),
    Sample(
        "alb",
        ('h2 2026-11-30T13:34:15.000000Z app/my-balancer/50dc6c495c0c9188 192.0.2.7:2817 10.0.0.66:9000 0.000 0.25 '
         '0.000 200 200 5 257 "GET https://shop.example:443/orders/17?a=b HTTP/2.0" "curl/8.5.0" '
         "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:1:targetgroup/x/73e2d6bc24d8a067 "
         '"Root=1-58337327-72bd00b0343d75b906739c42" "shop.example" "session-reused" 1 2026-11-30T13:34:15.000000Z '
         '"forward" "-" "-" "10.0.0.66:9000" "200" "-" "-"',),
        AT_S, "192.0.2.7", "GET", "https://shop.example:443/orders/17?a=b", 200, 257, elapsed_s=0.25,
        agent="curl/8.5.0",
    ),
    Sample(
        "api-gateway",
        ('192.0.2.7 - anna [30/Nov/2026:13:34:15 +0000]"GET /pets/{petId} HTTP/1.1" 200 512 '
         "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",),
        AT_S, "192.0.2.7", "GET", "/pets/{petId}", 200, 512, "anna",
    ),
    Sample(
        "api-gateway-json",
        ('{"requestId":"c6af9ac6","ip":"192.0.2.7","caller":"-","user":"-","requestTime":"30/Nov/2026:13:34:15 +0000",'
         '"httpMethod":"GET","resourcePath":"/pets/{petId}","status":"200","protocol":"HTTP/1.1","responseLength":"512"'
         "}",),
        AT_S, "192.0.2.7", "GET", "/pets/{petId}", 200, 512,
    ),
    Sample(
        "w3c",
        (*IIS, "2026-11-30 13:34:15 10.0.0.1 GET /orders id=17 443 anna 192.0.2.7 Mozilla/5.0+(X11)+Firefox/120 - 200 "
         "0 0 250"),
        AT_S, "192.0.2.7", "GET", "/orders?id=17", 200, 0, "anna", 0.25, "Mozilla/5.0 (X11) Firefox/120",
    ),
    Sample(
        "w3c",
        (*CLOUDFRONT, "2026-11-30\t13:34:15\tFRA2\t392\t192.0.2.7\tGET\td1.cloudfront.net\t/a\t200\t-\t"
         "Mozilla/5.0%20(X11)\t-\t-\tHit\tSOX4\td1.cloudfront.net\thttps\t23\t0.250\t-"),
        AT_S, "192.0.2.7", "GET", "/a", 200, 392, elapsed_s=0.25, agent="Mozilla/5.0 (X11)",
    ),
    Sample(
        "cloudflare",
        ('{"ClientIP":"192.0.2.7","ClientRequestHost":"shop.example","ClientRequestMethod":"GET","ClientRequestURI":'
         '"/orders/17?a=b","EdgeEndTimestamp":1796045655100000000,"EdgeResponseBytes":69045,"EdgeResponseStatus":200,'
         '"EdgeStartTimestamp":1796045655000000000,"RayID":"3a6050bcbe121a87","ClientCountry":"de","ClientASN":64500,'
         '"ClientRequestUserAgent":"curl/8.5.0"}',),
        AT_S, "192.0.2.7", "GET", "/orders/17?a=b", 200, 69045, agent="curl/8.5.0",
    ),
    Sample(
        "vercel",
        ('{"id":"1573817250283254651097202070","deploymentId":"dpl_233NRGRjVZX1caZrXWtz5g1TAksD","source":"lambda",'
         '"host":"shop.vercel.app","timestamp":1796045655300,"projectId":"gdufoJxB6b9b1fEqr1jUtFkyavUU","level":"info",'
         '"proxy":{"timestamp":1796045655000,"method":"GET","host":"shop.vercel.app","path":"/orders/17?a=b","userAgent"'
         ':["curl/8.5.0"],"referer":"","region":"fra1","statusCode":200,"clientIp":"192.0.2.7","scheme":"https"}}',),
        AT_S, "192.0.2.7", "GET", "/orders/17?a=b", 200, agent="curl/8.5.0",
    ),
    Sample(
        "gcp",
        ('{"httpRequest":{"latency":"0.250s","remoteIp":"192.0.2.7","requestMethod":"GET","requestSize":"364",'
         '"requestUrl":"https://shop.example/orders/17?a=b","responseSize":"7582","serverIp":"10.0.0.2","status":200,'
         '"userAgent":"curl/8.5.0"},"insertId":"1oek5rg3l3fxj7","logName":"projects/shop/logs/requests","resource":'
         '{"type":"http_load_balancer"},"severity":"INFO","timestamp":"2026-11-30T13:34:15.000000Z"}',),
        AT_S, "192.0.2.7", "GET", "https://shop.example/orders/17?a=b", 200, 7582, elapsed_s=0.25, agent="curl/8.5.0",
    ),
    Sample(
        "ocsf",
        ('{"class_uid":4002,"category_uid":4,"activity_id":3,"time":1796045655000,"metadata":{"version":"1.5.0",'
         '"product":{"name":"gateway"}},"src_endpoint":{"ip":"192.0.2.7"},"http_request":{"http_method":"GET",'
         '"user_agent":"curl/8.5.0","url":{"path":"/orders/17","query_string":"a=b"}},"http_response":{"code":200,'
         '"length":512},"duration":250,"actor":{"user":{"name":"anna"}}}',),
        AT_S, "192.0.2.7", "GET", "/orders/17?a=b", 200, 512, "anna", 0.25, "curl/8.5.0",
    ),
    Sample(
        "json",
        ('{"time":"2026-11-30T14:34:15+01:00","remote_addr":"192.0.2.7","remote_user":"anna","request":'
         '"GET /orders/17 HTTP/1.1","status":"200","body_bytes_sent":"512","request_time":"0.250","http_user_agent":'
         '"curl/8.5.0"}',),
        AT_S, "192.0.2.7", "GET", "/orders/17", 200, 512, "anna", 0.25, "curl/8.5.0",
    ),
)  # fmt: skip
