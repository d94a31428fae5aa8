#!/bin/bash
# Answers one HTTP request on standard input and output with a file below /srv/web.
read -r _ path _
# A reply before the whole request was read would reset the connection.
while IFS= read -r line && [ "${line%$'\r'}" != "" ]; do :; done
file="/srv/web${path%%\?*}"
if [ "${file: -1}" = / ]; then file+=index.html; fi
if [[ "$file" != *..* && -f "$file" ]]; then
    status="200 OK"
else
    status="404 Not Found" file=/dev/null
fi
printf 'HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n' "$status"
printf 'Content-Length: %d\r\nConnection: close\r\n\r\n' "$(wc -c <"$file")"
cat "$file"
