"""What a ministry needs to receive cases from sp4n-gateway and to say what became of them. It needs only Python."""

from sp4n_gateway_client.cases import ADDED as ADDED
from sp4n_gateway_client.cases import CREATED as CREATED
from sp4n_gateway_client.cases import TEST_TAG as TEST_TAG
from sp4n_gateway_client.cases import WITHDRAWN as WITHDRAWN
from sp4n_gateway_client.cases import Case as Case
from sp4n_gateway_client.cases import File as File
from sp4n_gateway_client.cases import Location as Location
from sp4n_gateway_client.cases import Message as Message
from sp4n_gateway_client.cases import Report as Report
from sp4n_gateway_client.cases import Reporter as Reporter
from sp4n_gateway_client.cases import read_case as read_case
from sp4n_gateway_client.errors import BadSignature as BadSignature
from sp4n_gateway_client.errors import ClientError as ClientError
from sp4n_gateway_client.errors import Refused as Refused
from sp4n_gateway_client.errors import Unavailable as Unavailable
from sp4n_gateway_client.errors import Unfit as Unfit
from sp4n_gateway_client.errors import Unreadable as Unreadable
from sp4n_gateway_client.gateway import Gateway as Gateway
from sp4n_gateway_client.gateway import LentCase as LentCase
from sp4n_gateway_client.gateway import StatusReceipt as StatusReceipt
from sp4n_gateway_client.gateway import Update as Update
from sp4n_gateway_client.receiving import Answer as Answer
from sp4n_gateway_client.receiving import Receiver as Receiver
from sp4n_gateway_client.receiving import Store as Store
from sp4n_gateway_client.receiving import Taken as Taken
from sp4n_gateway_client.store import SqliteStore as SqliteStore
