"""The composition root: joins the engines with the adapters. Nobody else names an adapter."""
