# Answers one HTTP request on standard input and output.
# A reply before the whole request was read would reset the connection.
while IFS= read -r line && [ "${line%$'\r'}" != "" ]; do :; done
body="$(cat "$CREDENTIALS_DIRECTORY/greeting")"
printf 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'
printf 'Content-Length: %d\r\nConnection: close\r\n\r\n%s\n' $((${#body} + 1)) "$body"
