"""Reads one streamed answer with OpenAI's client, and prints the seconds of CPU that took."""

import sys
import time

from openai import OpenAI

client = OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0)


def read() -> int:
    stream = client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "x"}], stream=True
    )
    return sum(1 for chunk in stream if chunk.choices and chunk.choices[0].delta.content)


read()  # loads and connects what is only done once
before = time.process_time()
chunks = read()
print(time.process_time() - before, chunks)
