"""The last proof: what the rules let through is built as it would be to run."""

from __future__ import annotations

import logging

from engine.gate.model import Bundle, Process
from engine.gate.rule import Findings, World, error
from engine.spiff import BuildError, build_specs
from engine.texts import gettext as _

logger = logging.getLogger(__name__)


def builds(process: Process, world: World) -> Findings:
    """Build the process with all it calls, when all of that is among the files."""
    files = _files(process, world.bundle)
    if files is None:
        return
    try:
        build_specs(files, process.id)
    except BuildError as failure:
        yield error(process, failure.element, "build", failure.message)
    except Exception:  # whatever it is, the diagram is not to be deployed, and no page is to fail
        logger.exception("the dry run of %s failed", process.id)
        yield error(
            process,
            process.id,
            "build",
            _(
                "Processen går inte att bygga, av en orsak som kontrollen inte känner till. "
                "Jämför med den senaste version som gick, och meddela förvaltningen."
            ),
        )


def _files(process: Process, bundle: Bundle) -> dict[str, str] | None:
    together = bundle.with_called(process.id)
    keys = {part.id for part in together}
    if any(set(part.called) - keys for part in together):
        return None
    decisions = {name for part in together for name in part.decisions}
    if decisions - bundle.decision_ids.keys():
        return None
    wanted = {part.file for part in together}
    wanted |= {bundle.decision_ids[name].file for name in decisions}
    return {name: bundle.texts[name] for name in sorted(wanted)}
