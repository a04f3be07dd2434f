"""All forms of log that are known by name, in the order in which they are tried."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from apiward.watch.logs.formats.alb import alb_reader
from apiward.watch.logs.formats.api_gateway import api_gateway_json_reader, api_gateway_reader
from apiward.watch.logs.formats.caddy import caddy_reader
from apiward.watch.logs.formats.cloudflare import cloudflare_reader
from apiward.watch.logs.formats.combined import combined_reader, common_reader, main_reader, vhost_reader
from apiward.watch.logs.formats.gcp import gcp_reader
from apiward.watch.logs.formats.haproxy import haproxy_reader
from apiward.watch.logs.formats.json_lines import json_reader
from apiward.watch.logs.formats.ocsf import ocsf_reader
from apiward.watch.logs.formats.traefik import traefik_json_reader, traefik_reader
from apiward.watch.logs.formats.vercel import vercel_reader
from apiward.watch.logs.formats.w3c import w3c_reader
from apiward.watch.logs.model import LogReader, Wishes
from apiward.watch.logs.templates.apache import apache_parts
from apiward.watch.logs.templates.compiled import TemplateReader
from apiward.watch.logs.templates.haproxy import haproxy_parts
from apiward.watch.logs.templates.nginx import nginx_parts
from apiward.watch.logs.templates.slots import FormError


@dataclass(frozen=True, slots=True)
class LogForm:
    """One form: its name in the settings, what people call it, and what reads it."""

    name: str
    title: str
    reader: Callable[[Wishes], LogReader]


FORMS: Final = (
    LogForm("vhost", "Apache, combined form with the site before it", vhost_reader),
    LogForm("traefik", "Traefik (common form)", traefik_reader),
    LogForm("nginx", "nginx with the addresses before proxies (its form `main`)", main_reader),
    LogForm("combined", "nginx or Apache, combined form", combined_reader),
    LogForm("common", "nginx or Apache, common form", common_reader),
    LogForm("haproxy", "HAProxy, HTTP log", haproxy_reader),
    LogForm("alb", "AWS Application Load Balancer", alb_reader),
    LogForm("api-gateway", "AWS API Gateway (common form)", api_gateway_reader),
    LogForm("w3c", "W3C form of IIS or CloudFront", w3c_reader),
    LogForm("caddy", "Caddy", caddy_reader),
    LogForm("traefik-json", "Traefik (JSON)", traefik_json_reader),
    LogForm("cloudflare", "Cloudflare Logpush, http_requests", cloudflare_reader),
    LogForm("vercel", "Vercel log drain", vercel_reader),
    LogForm("gcp", "Google Cloud load balancer", gcp_reader),
    LogForm("ocsf", "OCSF", ocsf_reader),
    LogForm("api-gateway-json", "AWS API Gateway (JSON)", api_gateway_json_reader),
    LogForm("json", "JSON lines", json_reader),
)
ALIASES: Final = {"apache": "combined", "iis": "w3c", "cloudfront": "w3c", "main": "nginx"}


def form_named(name: str) -> LogForm:
    """Return the form of a name, or the one that is declared as a server writes it. Raises FormError."""
    wanted = ALIASES.get(name, name)
    for form in FORMS:
        if form.name == wanted:
            return form
    declared = name.strip()
    if declared.startswith("log_format") or "$" in declared:
        return LogForm("declared", "the form that you declared (nginx)", lambda w: TemplateReader(nginx_parts(name), w))
    if declared.startswith("log-format") or "%ci" in declared or "%[" in declared:
        return LogForm(
            "declared", "the form that you declared (HAProxy)", lambda w: TemplateReader(haproxy_parts(name), w)
        )
    if "%" in declared:
        return LogForm(
            "declared", "the form that you declared (Apache)", lambda w: TemplateReader(apache_parts(name), w)
        )
    raise FormError(f'"{name[:40]}" is no form; there are {", ".join(form.name for form in FORMS)}')
