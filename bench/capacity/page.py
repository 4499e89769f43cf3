"""The plan as the page docs/SCALE.md. Tables are made by `shown`; here are the words between them."""

from textwrap import fill

from bench.capacity import shown
from bench.capacity.cost import FORMULA
from bench.capacity.model import Model
from bench.capacity.plan import MAPPED, Plan, amount, plans, span
from indexer.build import MAX_LATE_PASSAGES


def page(model: Model) -> str:
    """The whole page, in Markdown."""
    made = plans(model)
    parts = "\n\n".join(
        [
            _HEAD,
            _plan(model, made),
            _passage(model),
            _growth(model),
            _memory(model),
            _latency(model, made),
            _steps(model, made),
            _MOVING,
            _build(model, made),
            _milvus(model),
            _assumed(model),
        ]
    )
    return "\n\n".join(map(_filled, parts.split("\n\n"))) + "\n"


def _filled(block: str) -> str:
    """A paragraph in lines of even length, whatever figures were put into it; anything else as it is."""
    return block if block.startswith(_NO_PARAGRAPH) else fill(block, _WIDTH, break_on_hyphens=False)


_WIDTH = 120
_NO_PARAGRAPH = ("|", "#", "-", "```")

_HEAD = """# Scale

Written by `python -m bench.capacity`; do not edit. It follows from [performance.json](performance.json),
[scale.json](scale.json) and the assumptions at the end, by simulation with a fixed seed; `python -m docs.generate
--check` notices when it does not.

**Nothing of 10⁶ passages and more was run.** Each figure is one of three kinds:

- *measured*: on one machine with 2 cores, up to 100,047 passages (see [PERFORMANCE.md](PERFORMANCE.md)), and sizes
  counted field by field on real text;
- *modelled*: a law fitted through measured figures. What the laws are worth is shown below, predicted beside measured;
- *assumed*: stated in the [last table](#assumptions), and wrong for your machines until you put in your own."""


def _plan(model: Model, made: tuple[Plan, ...]) -> str:
    room = model.assumed
    return f"""## The plan

{shown.plan(model, made)}

Machines have {room.machine_cores} cores, {room.machine_memory_gib:.0f} GiB of memory and {room.machine_disk_gib:,.0f}
GiB of NVMe disk, of which data take {room.usable:.0%} at the most. A *share* is what one machine holds; all shares make
a copy, and each has so many replicas. Memory and disk are those of one copy of one generation; while a generation is
published, {room.generations} are loaded, and machines are counted for that. The layout is
“{model.layouts[MAPPED].name}” (see [Memory](#memory)), with token vectors. Latency is from
request to answer in Jisr, by the simulation, at {room.queries_per_s:.0f} queries a second; the network to the client is
not in it.

What it costs a month: {FORMULA}. The
two quantities stand in the table; no vendor's prices are assumed here: `python -m bench.capacity
--prices MACHINE_HOUR,GB_MONTH,CORE_HOUR` prints the sums for yours."""


def _passage(model: Model) -> str:
    texts = model.texts
    return f"""## What a passage takes

{shown.fields(model)}

*Measured* over {texts.passages:,} passages of {texts.documents:,} real documents ({", ".join(texts.indexes)}), as the
collections of [search/milvus](../search/milvus) keep them: UTF-8 text, bytes in base64, four bytes a number of a dense
vector, eight a word of a sparse one. Milvus compresses what it writes to the object store; nothing is taken off for
that. Token vectors are more than half of it (`--late off` leaves them out), and the sparse vectors of character 4-grams
are more than the dense vector.

{shown.collections(model)}"""


def _growth(model: Model) -> str:
    return f"""## How it grows, and how well that is known

{shown.laws(model)}

Each law was given all but the largest of what was measured and asked for that:

{shown.checked(model)}

What this teaches. Disk is known to a few percent. The memory of a build is **no** line: it is bounded by the build's
buffers, and the law must not be used for it. Latency between 1,000 and 10,000 passages says nothing of 100,000, since
beyond 20,000 the local index changes from scanning vectors to scanning codes; what is modelled below rests on the
step from 10,000 to 100,000 alone. A scan of vectors that no longer fit in the processor's cache is memory-bound, and
two to three times as slow as its line says; HNSW does as its law says. Products with words were timed while other work
had the machine's cache. Heaps' law with numbers from little text
promises too many different words, ever more so with size; since words are 1–2 % of the whole at 10⁷ passages, that is
an upper bound that costs nothing. The server under load is met well in the middle, and too fast in the tail: builds ran
beside it, which the simulation does not know of. The queries that the times were taken of come from one list of
{len(model.growth.sizes[0].all_legs.query_ms.values)}; one of them, which loads the identifier of languages once in a
process's life, is left out.

*{shown.moments(model)}*"""


def _memory(model: Model) -> str:
    return f"""## Memory

Milvus loads every field of a collection into memory unless it is told to map it (`queryNode.mmap` in `milvus.yaml`, or
`mmap.enabled` of a field or an index). Machines for one copy, with {model.assumed.generations} generations loaded:

{shown.layouts(model)}

The third layout is what the plan is made for; on Milvus 2.5 or newer: `queryNode.mmap.scalarField: true`. The fourth
reads vectors from NVMe and words' postings from mapped files: it is slower for each query by what its disk reads take,
which nobody measured here. Between the two lies quantising the vectors in memory (`HNSW_SQ`, `IVF_RABITQ`), which Jisr
does not ask for yet."""


def _latency(model: Model, made: tuple[Plan, ...]) -> str:
    room = model.assumed
    largest = model.products.sizes[-1]
    postings = largest.postings / largest.passages
    words = model.words_ms * 10**7 / model.node_core_ms(10**7, shares=1)
    return f"""## Latency

{shown.loads(model, made)}

A query is simulated as it is worked: it waits for a core of Jisr (times drawn from measured ones over the smallest
index, {model.own_ms.median:.1f} ms in the middle), then for every share at once, each answered by one replica that
takes {room.machine_cores // room.node_width} queries side by side with {room.node_width} cores each, and ends with the
slowest; the round trips are added. Times on a share vary as measured queries do, and independently, so that with
many shares nearly every query meets a slow one: that is the cautious assumption. Less cautious is another: that the
partition key keeps the languages apart. Milvus hashes it into a few partitions; where both languages fall into one, a
search of either pool passes over the segments of both.

What a share holds decides, since every segment of it is searched, and the postings of a query's words and 4-grams are
gone through: {postings:.1f} for each passage, on average. These are {words:.0%} of the work on a share of 10⁷ passages.
An index that skips needs less (Milvus has some: `inverted_index_algo`, from 2.5.4 on), and nothing is taken off for
that. At 10⁸ passages, with more and smaller shares:

{shown.smaller(model)}"""


def _steps(model: Model, made: tuple[Plan, ...]) -> str:
    seven, eight, nine = made
    numbered, held = model.numbered(10**8)
    return f"""## What breaks first, and what to change

**10⁵ → 10⁶: nothing that another machine would mend.** A local index is enough:

{shown.local(model)}

The index is with token vectors, and is kept twice. Latency beyond what was measured is an order of magnitude, no more;
the memory of a build is bounded by its buffers (`--max-memory`). What breaks first is patience: encoding takes
{10**6 / model.encoded_per_core_s / 3600:.0f} core-hours, once. Change: `jisr index --ray ADDRESS`. And beyond
{MAX_LATE_PASSAGES:,} passages a new index leaves token vectors out unless `--late on` is given.

**10⁷: the coordinator's disk, then Milvus's memory.** The workspace takes {amount(seven.build.workspace_bytes)} (its
catalogue in SQLite holds every text, and what cleaning needs of it). Everything but encoding takes
{span(seven.build.coordinator_h)} on a machine like this one. Ray takes reading and cleaning from it, but not settling:
duplicates, lines that a site repeats, counterparts, words and names need to see all documents.
Unmapped, a copy with two generations needs {model.shares(10**7, model.layouts[0])} machines, of which token vectors
fill more than half. Change: NVMe for the workspace; map the scalar fields; or `--late off`, which costs the ranking
what [EVALUATION.md](EVALUATION.md) says.

**10⁸: one coordinator, and whole generations.** {span(eight.build.coordinator_h)} for a build in which everything is
encoded, a workspace of {amount(eight.build.workspace_bytes)} with a single writer, and
{amount(sum(model.collections(10**8).values()))} to send for any change, however small, since a generation is published
whole ({span(eight.build.sending_h)} at the assumed rate), for which {numbered / 1e6:,.0f} million words are numbered in
{amount(held)} of memory, if Heaps' law held. That is past what one archive should be. Change: several
indexes of about 10⁷ passages, by year or source, each built and published by itself. In Milvus, graphs in memory become
the price: {eight.nodes.shares} machines a copy, where DISKANN needs {model.shares(10**8, model.layouts[-1])}; larger
segments (`dataCoord.segment.maxSize`) make searches over a share cheaper, since there are fewer graphs to search.

**10⁹: one index.** {nine.nodes.machines} machines, {span(nine.build.encoding_core_h / nine.build.cores)} of
{nine.build.cores:,} cores for encoding, and a month for one coordinator. What it takes is several indexes
behind one search. **That is not built.** Scores are calibrated to mean the same in both languages and would have to be
shown to mean the same across indexes; duplicates and counterparts across indexes would not be known; a query would
cost as many round trips as there are indexes, side by side."""


_MOVING = """## Moving a live index, and upgrading

From a folder to Milvus, while the folder goes on answering; nothing is encoded again:

```console
$ export JISR_MILVUS_TOKEN=…                                  # where the server asks for one
$ jisr copy ~/my-index milvus://milvus.example:19530/news     # collections beside, counts verified, alias switched
$ JISR_INDEX=milvus://milvus.example:19530/news jisr serve    # then start servers on the new address, and stop the old
```

Copied again after more builds in the folder, it sends the newer generation and switches the alias in one step; servers
that are running turn to it by themselves. To go on indexing there, set `JISR_INDEX` to the address and
`JISR_WORKSPACE` to a folder on a large disk: builds work in it, and send.

An upgrade of Jisr that changes the form of an index (its manifest's format, or the rules of analysis) is made beside:
install the new version next to the old; `jisr index --rebuild` with it into another NAME, in a workspace with a copy of
the old one's `cache` folder, so that nothing is encoded again unless the model or its normal form changed; start
servers of the new version there, stop the old ones, drop the old collections. For every other upgrade restart the
servers one after the other. Milvus is upgraded as its own documentation says; if it fails, the workspace holds
everything, and the next `jisr index` sends it again."""


def _build(model: Model, made: tuple[Plan, ...]) -> str:
    return f"""## Time to build

{shown.builds(made)}

*Measured:* {model.encoded_per_core_s:.1f} passages a second and core, and a build with all vectors known.
*Modelled:* that cores add up when Ray spreads them, and that the coordinator's time is a line. *Assumed:* the rate of
sending. The parts follow one another: records are sent when a generation is finished. Graphs are built by Milvus from
full segments, in core-hours of FAISS on this machine."""


def _milvus(model: Model) -> str:
    return f"""## Measured on Milvus

{shown.milvus(model)}

{shown.agreements(model)}""".rstrip()


def _assumed(model: Model) -> str:
    return f"""## Assumptions

{shown.assumed(model)}

Written in [bench/capacity/assumptions.py](../bench/capacity/assumptions.py): change one there, run `python -m
bench.capacity`, and everything above follows. Beyond these: both languages have as many passages; cores elsewhere are
as fast as here; a passage is as long as those that were counted; the object store's own redundancy is not counted."""
