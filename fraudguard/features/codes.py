"""Numbers by which the kernel knows things, written down once.

Declarations and kernel both take them from here: the build turns this file into the constants of a ``codes.pxd``, so that
compiled they cost nothing. Names with a common beginning belong together.
"""

from typing import Final

__all__: Final[list[str]] = []  # constants only: who takes one names it

# Words of the readings over one window: the window, slots of what is read (-1 for what is not), whether any from STD on is.
READING_WINDOW = 0
READING_COUNT = 1
READING_SUM = 2
READING_MEAN = 3
READING_MAX = 4
READING_MIN = 5
READING_STD = 6
READING_DISTINCT = 7
READING_SHARES = 8
READING_IS_RARE = 12
READING_WIDTH = 13

# Words of the readings of a view over all time: slots.
LIFE_SINCE_LAST = 0
LIFE_SINCE_FIRST = 1
LIFE_PREVIOUS = 2
LIFE_EVER = 3
LIFE_WIDTH = 4

# Bits of what the events of a store must hold.
NEEDS_SPREAD = 1
NEEDS_SHARES = 2
NEEDS_MAX = 4
NEEDS_MIN = 8
NEEDS_DISTINCT = 16
NEEDS_UNREAD = -1

# Bits of a transfer's flags, in the order of `fraudguard.features.aggregate.Flag`, and of one whose id came before.
FLAG_NIGHT = 1
FLAG_ROUND = 2
FLAG_FIRST_TIME = 4
FLAG_SMALL = 8
FLAGS = 15
FLAG_NOT_NEW = 16
FLAG_BITS = 5

# Views, in the order of `fraudguard.features.plan.VIEWS`.
VIEW_PAYER_OUT = 0
VIEW_PAYER_IN = 1
VIEW_PAYEE_IN = 2
VIEW_PAYEE_OUT = 3
VIEW_PAIR = 4
VIEW_DEVICE = 5
VIEW_HOLDER_OUT = 6
VIEW_HOLDER_IN = 7

# Stores, in the order of `fraudguard.features.plan.STORES`.
STORE_OUT = 0
STORE_INTO = 1
STORE_PAIR = 2
STORE_DEVICE = 3
STORE_HOLDER_OUT = 4
STORE_HOLDER_INTO = 5

# Numbers of what a transfer names; an entity never seen is 0, one that the transfer does not name is UNKNOWN.
ID_PAYER = 0
ID_PAYEE = 1
ID_PAIR = 2
ID_DEVICE = 3
ID_SENDER = 4
ID_RECEIVER = 5
ID_DEVICE_LINK = 6
ID_SENDER_LINK = 7
ID_RECEIVER_LINK = 8
N_IDS = 9
UNKNOWN = -1

# Operators, in the order of `fraudguard.features.term.Operator`, and that of a feature declared twice under two names.
OP_ADD = 0
OP_SUBTRACT = 1
OP_MULTIPLY = 2
OP_DIVIDE = 3
OP_MODULO = 4
OP_FLOOR_DIVIDE = 5
OP_EQUALS = 6
OP_IS_MISSING = 7
OP_LOG10 = 8
OP_LESS = 9
OP_OR_ELSE = 10
OP_COPY = 11

# Observations, in the order of `fraudguard.features.known.Observed`.
OBSERVED_NETWORK = 0
OBSERVED_SIGNAL = 1
OBSERVED_SINCE_SIGNAL = 2
OBSERVED_COVERAGE = 3
OBSERVED_ACCOUNT = 4

# Words of a ring (`fraudguard.features.ring`), and what lies in one block.
RING_BASE = 0
RING_CAP = 1
RING_FIRST = 2
RING_END = 3
RING_KEPT = 4
RING_WIDTH = 5
BLOCK = 256
BLOCK_BITS = 8

# Words of the head of a past (`fraudguard.features.past`), behind the ring of its events.
HEAD_WATERMARK = 5
HEAD_FIRST_MS = 6
HEAD_SUM = 7
HEAD_PREVIOUS = 8
HEAD_TOTALS = 9

# Words of a head of a neighbourhood (`fraudguard.features.neighbours`). An account or moment that may be missing is stored plus one.
NODE_IN = 0
NODE_OUT = 5
NODE_FOUND = 10
NODE_WATERMARK = 11
NODE_KNOWN = 12
NODE_WATCHED = 13
NODE_NEAR = 14
NODE_NEARBY = 15
NODE_VICTIM = 16
NODE_OPENED = 17
NODE_LAST_IN = 18
NODE_LAST_IN_FEN = 19
NODE_CHAIN = 20
NODE_CHAIN_START = 21
NODE_TAINTED = 22
NODE_POOL = 23
NODE_POOL_MS = 24
NODE_LIQUID = 25
NODE_WIDTH = 31

# Words of what was found of an account's transfers, only there once something was: a ring and three counts for money out,
# the same for money in. A record says what was found, and when it was learned.
FOUND_RING = 0
FOUND_ALL = 5
FOUND_ADVERSE = 6
FOUND_VICTIM = 7
FOUND_SIDE = 8
FOUND_WIDTH = 16
SIDE_OUT = 0
SIDE_IN = 1

# What a finding says of a transfer; the two that are adverse come first.
SAYS_NOTHING = 0
SAYS_VICTIM = 1
SAYS_MULE = 2
SAYS_GENUINE = 3

# Words of a half (`fraudguard.features.groups`).
HALF_TIME = 0
HALF_AMOUNT = 1
HALF_ROW = 2
HALF_WORD = 3
HALF_WIDTH = 4
HALVES_AHEAD = 12
VIEWS_SPAN = 4
