"""The words of SQL that matter, each with the one-letter kind it has in a shape."""

from typing import Final

_KINDS: Final = {
    "l": "and or xor",
    "o": "like rlike regexp ilike glob similar between in is sounds match overlaps contains",
    "a": "div mod",
    "!": "not binary distinct distinctrow prior all any some exists",
    "U": "union intersect except minus",
    "E": "select",
    "H": "having",
    "L": "limit offset",
    "M": "from",
    "R": "where",
    "I": "into",
    "A": "as",
    "g": "order group",
    "y": "by",
    "Y": "values",
    "q": "case",
    "t": "when then else end",
    "n": "null true false",
}
KINDS: Final = {word: kind for kind, words in _KINDS.items() for word in words.split()}

ACTING: Final = frozenset(
    """
    sleep benchmark pg_sleep extractvalue updatexml load_file waitfor randomblob zeroblob xp_cmdshell xp_dirtree
    xp_fileexist sp_executesql sp_oacreate generate_series xmltype regexp_substring make_set elt name_const
    gtid_subset json_keys utl_inaddr.get_host_address utl_http.request dbms_pipe.receive_message dbms_lock.sleep
    user_lock.sleep dbms_xmlgen.getxml dbms_utility.sqlid_to_sqlhash ctxsys.drithsx.sn httpuritype
    dblink_connect lo_import lo_export pg_read_file pg_ls_dir query_to_xml openrowset opendatasource openquery
    fn_varbintohexstr exp_tilde analyse filetoclob filetoblob crypt_key current_setting sqlite_version
    load_extension get_lock is_srvrolemember dbms_session.sleep sys.eval sys_eval sys_exec st_latfromgeohash
    st_pointfromgeohash uuid_to_bin row_count
    """.split()
)
"""Functions that wait, fail loudly, read files or reach out: what an attack calls and a form never holds."""

ASKING: Final = frozenset(
    """version database schema user current_user session_user system_user user_name db_name host_name current_database
    current_schema found_rows connection_id last_insert_id inet_server_addr sys_context pi rand""".split()
)
"""Functions that ask the database about itself."""

KNOWN: Final = (
    frozenset(
        """
    abs acos ascii asin atan avg bin bit_length cast ceil char char_length chr coalesce compress concat
    concat_ws conv convert cos cot count crc32 decode encode exp field find_in_set floor format greatest
    group_concat hex if ifnull iif insert instr isnull json_array json_depth json_extract json_object json_value
    json_valid last_day lcase least left length ln locate log lower lpad ltrim max md5 mid min nullif nvl nvl2
    ord position pow quote quote_ident raise_error repeat replace reverse right round row row_number rpad rtrim
    sha sha1 sha2 sign sin space sqrt strcmp string_agg geometrycollection multipoint polygon multipolygon
    linestring multilinestring substr substring substring_index sum tan to_char to_number trim truncate ucase
    uncompress unhex upper xmlagg xmlelement aes_decrypt aes_encrypt array_to_string unistr typeof strftime
    julianday quotename object_id object_name col_name datalength len patindex charindex stuff listagg wm_concat
    current_date utc_date load_file extract row_to_json changes total_changes printf likelihood unlikely
    """.split()
    )
    | ASKING
)

SCHEMA: Final = (
    "information_schema", "pg_catalog", "pg_shadow", "pg_user", "sqlite_master", "sqlite_schema", "sysobjects",
    "syscolumns",
    "sysusers", "sysdatabases", "systables", "all_tables", "all_users", "all_tab_", "user_tables",
    "user_tab_columns", "dba_users",
    "mysql.", "rdb$", "v$version", "sys.tables", "sys.objects", "msysobjects", "table_name", "column_name",
    "table_schema",
    "domain.domains", "xp_cmdshell", "group_concat", "sysibm.", "syscat.", "pg_class", "pg_tables", "schema_name",
)  # fmt: skip
"""Names of the tables in which databases describe themselves."""
