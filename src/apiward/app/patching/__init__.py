"""From a finding to guard rules that hold it shut: what scan and guard, which do not know one another, share."""
