"""Made-up traffic of a business API with many tenants, with the truth about every request. Seeded, without a clock."""
