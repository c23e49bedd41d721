"""Answers are never half written, never lost, and what is hostile is refused in words."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earned_security.assessment import responses
from earned_security.assessment.responses import DamagedError, Responses, ResponsesError, answers, inspect

SOME = {"item-one/answer": {"value": "a", "time": 1}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "responses.json"


def test_what_is_merged_is_on_the_disk_and_comes_back(file: Path) -> None:
    assert Responses(file, "shapes").merge(SOME) == SOME
    assert Responses(file).read() == SOME
    stored = json.loads(file.read_text("utf-8"))
    assert stored["schema_version"] == 1
    assert stored["assignment"] == "shapes"
    assert stored["course_version"]


def test_the_assignment_once_written_stays(file: Path) -> None:
    Responses(file, "shapes").merge(SOME)
    Responses(file).merge({"item-two/answer": {"value": 1, "time": 2}})
    assert inspect(file).assignment == "shapes"


def test_the_version_of_the_items_is_kept_with_the_answers(file: Path) -> None:
    Responses(file, "shapes", "b1").merge(SOME)
    assert responses.inspect(file).bank_version == "b1"
    Responses(file).merge(SOME)
    assert responses.inspect(file).bank_version == "b1"
    Responses(file, "shapes", "b2").merge(SOME)
    assert responses.inspect(file).bank_version == "b2"
    file.write_text('{"schema_version": 1, "bank_version": 7, "entries": {}}', encoding="utf-8")
    assert responses.inspect(file).bank_version == ""


def test_a_missing_file_is_empty_and_reading_makes_none(file: Path) -> None:
    assert Responses(file).read() == {}
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize(("times", "wins"), [((1, 2), "later"), ((2, 1), "earlier"), ((1, 1), "later")])
def test_the_later_time_wins(file: Path, times: tuple[int, int], wins: str) -> None:
    for moment, value in zip(times, ("earlier", "later"), strict=True):
        Responses(file).merge({"a/b": {"value": value, "time": moment}})
    assert Responses(file).read()["a/b"]["value"] == wins


def test_an_erased_answer_is_not_an_answer(file: Path) -> None:
    Responses(file).merge(SOME)
    entries = Responses(file).merge({"item-one/answer": {"value": None, "time": 5}})
    assert entries["item-one/answer"]["value"] is None
    assert answers(entries, ["item-one", "item-two"]) == {}
    assert answers(SOME, ["item-one"]) == {"item-one": "a"}


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc é", max_size=3), inner, max_size=4)
    ),
    max_leaves=15,
)
names = st.from_regex(r"[a-z0-9]{1,8}/[A-Za-z0-9]{1,8}", fullmatch=True)
entry_sets = st.dictionaries(
    names, st.fixed_dictionaries({"value": plain, "time": st.integers(0, 10**13)}), max_size=5
)


@settings(max_examples=40, deadline=None)
@given(first=entry_sets, second=entry_sets)
def test_two_windows_end_with_the_same_answers_in_either_order(first: dict, second: dict) -> None:
    import tempfile

    differing = {
        name: entry
        for name, entry in second.items()
        if name not in first or entry["time"] != first[name]["time"]
    }
    ends = []
    for order in ((first, differing), (differing, first)):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "responses.json"
            for entries in order:
                Responses(place).merge(entries)
            ends.append(Responses(place).read())
    assert ends[0] == ends[1]
    assert set(ends[0]) == set(first) | set(differing)


HOSTILE_ENTRIES = [
    {"a/b": {"value": float("nan"), "time": 1}},
    {"a/b": {"value": [1, {"x": float("inf")}], "time": 1}},
    {"a/b": {"value": "x" * 200_001, "time": 1}},
    {"a/b": {"value": "half \ud83d", "time": 1}},
    {"a/b": {"value": {"half \ud83d": 1}, "time": 1}},
    {"a/b": {"value": 2**60, "time": 1}},
    {"a/b": {"value": b"bytes", "time": 1}},
    {"a/b": {"value": {1: 2}, "time": 1}},
    {"a/b": {"value": 1, "time": 1.5}},
    {"a/b": {"value": 1, "time": True}},
    {"a/b": {"value": 1, "time": -1}},
    {"a/b": {"value": 1, "time": 10**20}},
    {"a/b": {"value": 1}},
    {"a/b": {"value": 1, "time": 1, "more": 1}},
    {"a/b": [1, 2]},
    {"../a/b": {"value": 1, "time": 1}},
    {"no-slash": {"value": 1, "time": 1}},
    {"a/__proto__": {"value": 1, "time": 1}},
    {"a/" + "b" * 500: {"value": 1, "time": 1}},
    {3: {"value": 1, "time": 1}},
    [1],
    None,
]


@pytest.mark.parametrize("entries", HOSTILE_ENTRIES, ids=range(len(HOSTILE_ENTRIES)))
def test_a_hostile_entry_is_refused_and_the_earlier_file_stands(file: Path, entries: object) -> None:
    Responses(file).merge(SOME)
    before = file.read_bytes()
    with pytest.raises(ResponsesError, match="could not be saved"):
        Responses(file).merge(entries)  # type: ignore[arg-type]
    assert file.read_bytes() == before


def test_deep_nesting_is_refused(file: Path) -> None:
    value: object = 1
    for _ in range(21):
        value = [value]
    with pytest.raises(ResponsesError, match="nested"):
        Responses(file).merge({"a/b": {"value": value, "time": 1}})
    assert Responses(file).merge({"a/b": {"value": value[0], "time": 1}})  # type: ignore[index]


def test_too_much_in_all_is_refused(file: Path) -> None:
    Responses(file).merge(SOME)
    many = {f"a/b{number}": {"value": "x" * 199_000, "time": 1} for number in range(30)}
    with pytest.raises(ResponsesError, match="too long"):
        Responses(file).merge(many)
    assert Responses(file).read() == SOME
    assert not list(file.parent.glob("*.new"))


def wrapped(entries: str) -> bytes:
    return (
        f'{{"schema_version": 1, "assignment": null, "course_version": "1", "entries": {entries}}}'.encode()
    )


DAMAGED = {
    "empty": b"",
    "half": b'{"schema_version": 1, "entries": {"a/b": {"val',
    "not text": b"\xff\xfe\x00\x01",
    "list": b"[]",
    "null": b"null",
    "entries a list": wrapped("[]"),
    "no version": b'{"entries": {}}',
    "a true version": b'{"schema_version": true, "entries": {}}',
    "an old version": b'{"schema_version": 0, "entries": {}}',
    "twice the same name": wrapped('{"a/b": {"value": 1, "time": 1}, "a/b": {"value": 2, "time": 1}}'),
    "twice in a value": wrapped('{"a/b": {"value": {"x": 1, "x": 2}, "time": 1}}'),
    "deep": wrapped('{"a/b": {"value": ' + "[" * 100_000 + "]" * 100_000 + ', "time": 1}}'),
    "endless number": wrapped('{"a/b": {"value": ' + "9" * 10_000 + ', "time": 1}}'),
    "too many": wrapped(json.dumps({f"a/{n}": {"value": 1, "time": 1} for n in range(5_001)})),
    "too large": b" " * 5_000_001,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_set_aside_and_work_goes_on(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(DamagedError):
        inspect(file)
    assert file.read_bytes() == content, "inspecting changes nothing"
    stored = Responses(file)
    assert stored.read() == {}
    (aside,) = file.parent.glob("responses.damaged-*.json")
    assert aside.read_bytes() == content
    assert aside.name in stored.notice
    assert not file.exists()
    assert stored.merge(SOME) == SOME


def test_damage_found_while_saving_is_set_aside_too_and_each_keeps_its_name(file: Path) -> None:
    for content in (b"one", b"two"):
        file.write_bytes(content)
        stored = Responses(file)
        assert stored.merge(SOME) == SOME
        assert "set aside" in stored.notice
    kept = {path.read_bytes() for path in file.parent.glob("responses.damaged-*.json")}
    assert kept == {b"one", b"two"}


def test_a_byte_order_mark_is_read_over(file: Path) -> None:
    Responses(file).merge(SOME)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert Responses(file).read() == SOME


def test_a_bad_entry_is_left_out_with_a_reason_and_its_file_is_kept(file: Path) -> None:
    content = wrapped(
        '{"a/b": {"value": NaN, "time": 1}, "a/c": {"value": 1e999, "time": 1}, "a/d": 3,'
        ' "<script>": {"value": 1, "time": 1}, "a/e": {"value": 4, "time": 1}}'
    )
    file.write_bytes(content)
    contents = inspect(file)
    assert set(contents.entries) == {"a/e"}
    assert len(contents.refused) == 4
    stored = Responses(file)
    assert set(stored.read()) == {"a/e"}
    assert set(stored.merge(SOME)) == {"a/e", "item-one/answer"}
    (aside,) = file.parent.glob("responses.damaged-*.json")
    assert aside.read_bytes() == content
    assert "4 of the stored answers" in stored.notice


def test_a_file_of_a_newer_course_is_neither_read_nor_touched(file: Path) -> None:
    content = b'{"schema_version": 2, "entries": {}}'
    file.write_bytes(content)
    for act in (Responses(file).read, lambda: Responses(file).merge(SOME)):
        with pytest.raises(ResponsesError, match="newer version"):
            act()
    assert file.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("dangling", [True, False])
def test_a_link_is_refused_and_what_it_leads_to_is_untouched(
    file: Path, tmp_path: Path, dangling: bool
) -> None:
    other = tmp_path / "elsewhere.json"
    if not dangling:
        Responses(other).merge(SOME)
    file.symlink_to(other)
    before = other.read_bytes() if other.exists() else None
    for act in (Responses(file).read, lambda: Responses(file).merge(SOME), lambda: inspect(file)):
        with pytest.raises(ResponsesError, match="link"):
            act()
    assert (other.read_bytes() if other.exists() else None) == before
    assert file.is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_a_folder_or_a_pipe_in_its_place_is_refused(tmp_path: Path) -> None:
    folder, pipe = tmp_path / "folder.json", tmp_path / "pipe.json"
    folder.mkdir()
    os.mkfifo(pipe)
    for path in (folder, pipe):
        with pytest.raises(ResponsesError, match="not a file"):
            Responses(path).read()
        with pytest.raises(ResponsesError, match="not a file"):
            Responses(path).merge(SOME)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "does not allow"), (errno.EIO, "could not be saved")],
)
def test_what_the_disk_refuses_is_said_and_the_earlier_file_stands(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    Responses(file).merge(SOME)
    before = file.read_bytes()

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ResponsesError, match=words):
        Responses(file).merge({"a/b": {"value": 1, "time": 1}})
    assert file.read_bytes() == before
    assert not list(file.parent.glob("*.new"))


def test_a_folder_that_cannot_be_synced_for_good_reason_is_accepted(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def refuse_folders(descriptor: int) -> None:
        import stat

        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "no")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    assert Responses(file).merge(SOME) == SOME


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ResponsesError, match="folder is gone"):
        Responses(tmp_path / "gone" / "responses.json").merge(SOME)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this account may write everywhere")
def test_a_read_only_folder_is_said(file: Path) -> None:
    Responses(file).merge(SOME)
    file.parent.chmod(0o500)
    try:
        assert Responses(file).read() == SOME
        with pytest.raises(ResponsesError, match="does not allow"):
            Responses(file).merge(SOME)
    finally:
        file.parent.chmod(0o700)


def test_a_file_that_may_not_be_read_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Responses(file).merge(SOME)

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ResponsesError, match="cannot be read"):
        Responses(file).read()


def test_a_damaged_file_that_cannot_be_set_aside_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_bytes(b"damage")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ResponsesError, match="cannot be set aside"):
        Responses(file).read()
    assert file.read_bytes() == b"damage"


def test_a_window_that_holds_the_lock_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    class Impatient(FileLock):  # type: ignore[misc, valid-type]
        def acquire(self, *_: object, **__: object) -> object:
            return super().acquire(timeout=0.05)

    monkeypatch.setattr(responses, "FileLock", Impatient)
    with (
        FileLock(file.with_name(f".{file.name}.lock")),
        pytest.raises(ResponsesError, match="another window"),
    ):
        Responses(file).merge(SOME)


def test_what_a_killed_writer_left_behind_is_in_nobodys_way(file: Path) -> None:
    file.with_name(f".{file.name}.new").write_text("half")
    assert Responses(file).merge(SOME) == SOME
    assert not list(file.parent.glob("*.new"))


def write_many(path: Path, who: int) -> None:
    for number in range(15):
        Responses(path).merge({f"writer-{who}/{number}": {"value": number, "time": number}})


def test_several_processes_lose_nothing(file: Path) -> None:
    context = multiprocessing.get_context("fork" if sys.platform != "win32" else "spawn")
    writers = [context.Process(target=write_many, args=(file, who)) for who in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert len(Responses(file).read()) == 45


def test_a_killed_writer_loses_nothing_that_it_called_saved(file: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from earned_security.assessment.responses import Responses\n"
        "n = 0\n"
        "while True:\n"
        "    n += 1\n"
        "    Responses(Path(sys.argv[1])).merge({f'a/{n}': {'value': 'x' * 2000, 'time': n}})\n"
        "    print(n, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout
        for _ in range(20):
            writer.stdout.readline()
        time.sleep(0.005)
        writer.kill()
        said = 20 + len(writer.stdout.read().split())
    stored = Responses(file)
    entries = stored.read()
    assert not stored.notice
    assert set(entries) >= {f"a/{number}" for number in range(1, said + 1)}


def test_in_a_browser_that_keeps_no_files_nothing_counts_as_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "BROWSER", True)
    entries = {"piece/answer": {"value": 1, "time": 1}}
    with pytest.raises(responses.ResponsesError, match="keeps no files"):
        responses.Responses(tmp_path / "progress.json").merge(entries)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(responses, "BROWSER_FILES", str(tmp_path))
    assert responses.Responses(tmp_path / "progress.json").merge(entries) == entries
    assert [path.name for path in tmp_path.iterdir()] == ["progress.json"], "and nothing is locked there"
