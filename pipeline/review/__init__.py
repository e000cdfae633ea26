"""The seven questions a sales coach asks, answered from the call log for any period, each with the SQL behind it."""
