#!/bin/bash
# Runs once, when the database server makes its data folder: the two roles of the portal and its database.
# portal_owner makes and changes tables; portal_app, the role of web, worker and scheduler, may do nothing of the kind.
set -euo pipefail

psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
    --set=owner_password="$PORTAL_OWNER_PASSWORD" --set=app_password="$PORTAL_APP_PASSWORD" <<'SQL'
CREATE ROLE portal_owner WITH LOGIN PASSWORD :'owner_password';
CREATE ROLE portal_app WITH LOGIN PASSWORD :'app_password';
CREATE DATABASE portal OWNER portal_owner;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_app;
SQL
