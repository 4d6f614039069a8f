"""Python's gql: prints every event of a subscription as a line of JSON. `websocket` or `multipart` says over which transport."""

import asyncio
import json
import os
import sys

from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.websockets import WebsocketsTransport

URL, TOKEN = os.environ["JIXIAO_URL"], f"Bearer {os.environ['JIXIAO_TOKEN']}"
REQUEST = GraphQLRequest(os.environ["JIXIAO_WATCH"], variable_values=json.loads(os.environ["JIXIAO_WATCHED"]))
# The one protocol there is: left to find out by itself, gql looks for the answer's header in another spelling than it has.
PROTOCOLS = [WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL]
TRANSPORTS = {
    "websocket": lambda: WebsocketsTransport(
        url=URL.replace("http", "ws", 1), subprotocols=PROTOCOLS, init_payload={"Authorization": TOKEN}),
    "multipart": lambda: AIOHTTPTransport(url=URL, headers={"Authorization": TOKEN}),
}


async def listen(transport):
    async with Client(transport=transport) as session:
        async for event in session.subscribe(REQUEST):
            print(json.dumps(event), flush=True)


asyncio.run(listen(TRANSPORTS[sys.argv[1]]()))
