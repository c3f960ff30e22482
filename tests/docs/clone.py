"""A scratch folder that is like a fresh clone after its first build."""

import pathlib
import shutil
import subprocess

# What ./wirelab is there: the launcher without installing and building, since all is built already. Labs that the
# build does not know yet are built as the launcher would.
LAUNCHER = """#!/bin/sh
set -e
here=$(dirname "$(readlink -f "$0")")
export WIRELAB_LABS="$here/labs" WIRELAB_STATE="$here/.wirelab"
if ! cmp -s "$here/labs/meson.build" "{source}/labs/meson.build"; then
  [ -d "$here/own" ] || meson setup "$here/own" "$here" --buildtype=plain -Dbench=disabled -Dtests=disabled >"$here/own.log" 2>&1
  new=$(cd "$here/labs" && for lab in [0-9]*; do [ -d "{source}/labs/$lab" ] || echo "$lab"; done)
  for lab in $new; do
    ninja -C "$here/own" $(ninja -C "$here/own" -t targets all | sed -n "s,^\\(labs/$lab/[a-z0-9_]*\\):.*,\\1,p" | sort -u) >"$here/own.log" 2>&1 || {{ cat "$here/own.log"; exit 1; }}
  done
  cp -p "{build}/labs/peers/peer" "$here/own/labs/peers/peer"
  export WIRELAB_PROGRAMS="$here/own/labs"
fi
[ "$1" = packages ] && exec "{source}/wirelab" packages
[ "$1" = trace ] && shift && exec "{build}/tracer/tracer" "$@"
exec "{build}/labs/wirelab" "$@"
"""


def make(source, build, folder):
    """Copies the tree without builds and history; ./wirelab and build/ work in it."""
    source, build, folder = (pathlib.Path(one).resolve() for one in (source, build, folder))

    def left_out(at, names):
        top = pathlib.Path(at) == source
        return [name for name in names if name == "__pycache__" or (top and (name == "wirelab" or name.startswith(("build", ".git", ".wirelab"))))]

    shutil.copytree(source, folder, symlinks=True, ignore=left_out, dirs_exist_ok=True)
    (folder / "build").symlink_to(build)
    launcher = folder / "wirelab"
    launcher.write_text(LAUNCHER.format(source=source, build=build))
    launcher.chmod(0o755)
    if not (folder / ".git").exists() and shutil.which("git"):
        subprocess.run(["git", "init", "-q", folder], check=False, capture_output=True)
    return folder
