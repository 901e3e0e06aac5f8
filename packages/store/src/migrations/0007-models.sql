-- Local models as the workspace knows them; their files lie in folders.
CREATE TABLE model (id VARCHAR PRIMARY KEY, body JSON NOT NULL);
