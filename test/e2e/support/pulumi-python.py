"""A user's program in Python, run by the engine through the Automation API; the last line says what the engine did."""

import json
import os
import sys

import pulumi
from pulumi import automation as auto

sys.path.insert(0, os.path.join(os.getcwd(), "lib"))
import pulumi_meshup as meshup  # noqa: E402  the SDK that was generated from the package


def program() -> None:
    mesh = meshup.Mesh(
        "shop",
        backend=meshup.Backend.ISTIO,
        namespace="shop",
        mtls={"mode": meshup.MtlsMode.STRICT},
        services=[
            meshup.MeshServiceArgsArgs(
                name="echo",
                ports=[meshup.ServicePortArgsArgs(port=80, target_port=8080)],
                versions=[{"name": "v1"}, {"name": "v2"}],
            )
        ],
        routes=[
            {
                "name": "echo",
                "service": "echo",
                "http": [
                    {
                        "timeout": "2s",
                        "backends": [
                            {"service": "echo", "version": "v1", "weight": 90},
                            {"service": "echo", "version": "v2", "weight": 10},
                        ],
                    }
                ],
            }
        ],
    )
    pulumi.export("services", mesh.services)


steps = []


def on_event(event: auto.EngineEvent) -> None:
    if event.resource_pre_event:
        metadata = event.resource_pre_event.metadata
        steps.append({"op": metadata.op.value, "urn": metadata.urn})


stack = auto.create_or_select_stack(
    "organization/python/dev",
    project_name="python",
    program=program,
    opts=auto.LocalWorkspaceOptions(work_dir=os.getcwd()),
)
stack.preview(on_event=on_event)
planned, steps = steps, []
outputs = stack.up(on_event=on_event).outputs
print(json.dumps({"planned": planned, "made": steps, "services": outputs["services"].value}))
