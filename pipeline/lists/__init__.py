"""Call lists: whom to call today, as CSV, XLSX, Parquet or vCard; every list stays in the export ledger."""
