#!/bin/sh
# Prints the samples: documents to try summaries on, which the tests drop on the window.
set -eu
cd "$(dirname "$0")"
for name in bail procurement; do
    chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer \
        --print-to-pdf="$name.pdf" "$name.html"
done
