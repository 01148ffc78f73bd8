"""Commands that make datasets and features: simulate, import, replay."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fraudguard.cli.catalog import CatalogOption
from fraudguard.cli.output import output
from fraudguard.errors import DefinitionError

if TYPE_CHECKING:
    from pandas import DataFrame

    from fraudguard.features import Catalog
    from fraudguard.tables import Dataset, DatasetMeta

__all__ = ["import_command", "replay_command", "simulate_command"]

_Out = Annotated[Path, typer.Argument(help="要生成的数据集文件夹 / dataset folder to make", show_default=False)]
_Overwrite = Annotated[bool, typer.Option("--overwrite", help="替换已有的输出 / replace an existing output")]
_STDOUT: Final = "-"
_FIRST_PART: Final = "part-00000.parquet"


def simulate_command(  # one argument an option
    out: _Out,
    days: Annotated[int, typer.Option(min=14, max=3660, help="天数 / days")] = 60,
    accounts: Annotated[int, typer.Option(min=500, help="账户数 / accounts")] = 40_000,
    preset: Annotated[
        str, typer.Option(help="受骗转账占比：stress 2e-5、realistic 1e-4、default 5e-4、dense 2e-3 / share of fraud")
    ] = "default",
    signal_coverage: Annotated[
        float, typer.Option(min=0, max=1, help="有电信与公安信号的客户比例 / share of customers with telecom signals")
    ] = 0.35,
    seed: Annotated[int, typer.Option(min=0, help="随机种子，同种子同字节 / seed; same seed, same bytes")] = 7,
    workers: Annotated[int, typer.Option(min=1, help="进程数，不影响结果 / processes; the result is the same")] = 1,
    overwrite: _Overwrite = False,
) -> None:
    """生成模拟数据集：日常生活、骗局、洗钱账户、迟到的结论。 / Simulate a dataset: daily life, scams, mules, late findings."""
    from fraudguard.simulate import simulate_dataset

    with output.step("模拟转账", "simulating transfers") as progress:
        meta = simulate_dataset(
            out, days=days, accounts=accounts, preset=preset, signal_coverage=signal_coverage, seed=seed,
            workers=workers, progress=progress, overwrite=overwrite,
        )  # fmt: skip
    _report(meta, out)


def import_command(
    source: Annotated[
        Path,
        typer.Argument(
            help="Parquet、CSV、CSV.gz 文件，或 pacs.008、hvps.111 报文（文件或文件夹） / a table, or messages",
            show_default=False,
        ),
    ],
    out: _Out,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="映射文件（TOML） / mapping file (TOML)", show_default=False)
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="OURS=THEIRS",
            help="单列对应，可重复 / map one column, repeatable",
            show_default=False,
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(help="CSV 编码，如 gb18030 / encoding of a CSV, e.g. gb18030", show_default=False),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(help="无时区时间所属时区 / zone of times without one, e.g. Asia/Shanghai", show_default=False),
    ] = None,
    overwrite: _Overwrite = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写 / check only, write nothing")] = False,
) -> None:
    """把银行导出或公开数据变成数据集文件夹。 / Turn a bank's extract or a public set into a dataset folder."""
    from fraudguard.ingest import Mapping, import_dataset, load_mapping, preview_import

    mapping = Mapping() if map_file is None else load_mapping(map_file)
    mapping = mapping.with_columns(_pairs(column or [])).with_file(encoding=encoding, time_zone=time_zone)
    with output.step("导入", "importing") as progress:
        if dry_run:
            dataset = preview_import(source, mapping=mapping, progress=progress)
        else:
            dataset = import_dataset(source, out, mapping=mapping, overwrite=overwrite, progress=progress)
    if dry_run:
        output.say("试运行：检查通过，什么都没有写。", "Dry run: all checks passed, nothing was written.")
    _report(dataset.meta, dataset.path)


def replay_command(
    data: Annotated[
        Path, typer.Argument(help="数据集文件夹或转账文件 / dataset folder or file of transfers", show_default=False)
    ],
    out: Annotated[
        Path,
        typer.Argument(help="要写的 Parquet 文件，或文件夹 / Parquet file to write, or a folder", show_default=False),
    ],
    catalog: CatalogOption = None,
    overwrite: _Overwrite = False,
) -> None:
    """按日志顺序重放，计算每笔转账当时的特征。 / Replay the log and write the features of every transfer."""
    from fraudguard.features.catalog_file import chosen_catalog
    from fraudguard.tables import Dataset, read_dataset, read_transfers
    from fraudguard.tables.folder import claim

    as_file = _not_stdout(out).suffix == ".parquet"
    claim(out, overwrite=overwrite, marker=None if as_file else _FIRST_PART)
    chosen = chosen_catalog(catalog)
    log = read_dataset(data) if data.is_dir() else read_transfers(data)
    names = _replay_to_file(log, out, chosen) if as_file else _replay_to_folder(log, out, chosen)
    transfers = log.transfers if isinstance(log, Dataset) else log
    output.record({"out": out, "transfers": len(transfers), "features": len(names)})


def _replay_to_file(log: "Dataset | DataFrame", out: Path, catalog: "Catalog") -> list[str]:
    from fraudguard.features import replay
    from fraudguard.tables.features_file import write_features

    with output.step("重放特征", "replaying features") as progress:
        features = replay(log, catalog=catalog, progress=progress)
    with output.step("写出", "writing") as progress:
        write_features(features, out, progress=progress)
    return list(features.columns)


def _replay_to_folder(log: "Dataset | DataFrame", out: Path, catalog: "Catalog") -> list[str]:
    from fraudguard.features import replay
    from fraudguard.tables.folder import whole_folder

    with output.step("重放特征", "replaying features") as progress, whole_folder(out) as folder:
        parts = folder / "parts"
        empty = replay(log, catalog=catalog, out=parts, progress=progress)
        for part in parts.iterdir():
            part.rename(folder / part.name)
        parts.rmdir()
    return list(empty.columns)


def _pairs(column: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in column]
    wrong = next(
        (text for text, (ours, sign, theirs) in zip(column, pairs, strict=True) if not (ours and sign and theirs)), None
    )
    if wrong is not None:
        raise DefinitionError(
            f"--column {wrong}: write our column, =, the file's column, as in --column amount_fen=AMOUNT",
            f"--column {wrong}：请写成 我们的列=文件的列，例如 --column amount_fen=交易金额",
        )
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}


def _not_stdout(out: Path) -> Path:
    if str(out) == _STDOUT:
        raise DefinitionError(
            "features are not written to stdout: name a .parquet file or a folder",
            "特征不能写到标准输出：请给出 .parquet 文件或文件夹",
        )
    return out


def _report(meta: "DatasetMeta", out: Path | None) -> None:
    if meta.dropped:
        listed = ", ".join(meta.dropped)
        output.say(f"舍去的列：{listed}", f"columns left out: {listed}")
    output.record({
        "out": out or _STDOUT,
        "name": meta.name,
        **meta.counts,
        "period_from": meta.period_from.isoformat(),
        "period_until": meta.period_until.isoformat(),
    })
