-- 0.2.0 tells the version of its schema; 0.1.0 did not.
COMMENT ON TABLE store_meta IS 'Version of the schema and other facts about this store.';
