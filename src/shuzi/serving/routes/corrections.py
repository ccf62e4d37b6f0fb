"""/v1/corrections: what the net got wrong, kept to learn from."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from pathlib import Path as FilePath
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from shuzi.data.corrections import (
    Correction,
    count_corrections,
    delete_correction,
    export_corrections,
    list_corrections,
    save_correction,
)
from shuzi.errors import PictureError
from shuzi.picture import open_image
from shuzi.serving.problems import Problem, documented
from shuzi.serving.schemas import CorrectionKept, CorrectionList, CorrectionRequest

router = APIRouter(prefix="/v1/corrections", tags=["corrections"])

_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"description": "PNG pictures in folders 0 to 9.", "content": {"application/zip": {}}}
}


@router.post(
    "",
    status_code=201,
    response_model=CorrectionKept,
    responses=documented(400, 403, 408, 409, 413, 415, 422, 429),
)
def save(request: Request, given: CorrectionRequest) -> Any:
    """Keep a digit and what it is."""
    folder = _folder(request)
    if count_corrections(folder=folder) >= request.app.state.settings.max_corrections:
        raise Problem(409, "No more corrections are kept: export them, and delete some.")
    image = np.array(given.image, np.uint8)
    picture = None if given.picture is None else _picture(given.picture)
    kept = save_correction(image, given.label, given.answer, given.weights, picture=picture, folder=folder)
    return _told(kept)


@router.get("", response_model=CorrectionList, responses=documented(403, 422))
def show(request: Request, limit: Annotated[int, Query(ge=1, le=2000)] = 500) -> Any:
    """What is kept, the newest first."""
    return {"corrections": [_told(one) for one in list_corrections(limit, folder=_folder(request))]}


@router.get("/export", response_class=Response, responses=_ZIP | documented(403))
def export(request: Request) -> Response:
    """All corrections as a data set: unpacked, `shuzi data` reads it."""
    name = {"Content-Disposition": 'attachment; filename="corrections.zip"'}
    return Response(export_corrections(folder=_folder(request)), headers=name, media_type="application/zip")


@router.delete("/{id:int}", status_code=204, responses=documented(403, 404, 422))
def delete(request: Request, id: Annotated[int, Path(ge=1, lt=2**63)]) -> Response:
    """Forget a correction."""
    if not delete_correction(id, folder=_folder(request)):
        raise Problem(404, "There is no correction of that number.")
    return Response(status_code=204)


def _folder(request: Request) -> FilePath:
    folder: FilePath = request.app.state.settings.folder
    return folder


def _picture(given: str) -> bytes:
    """The PNG that comes along is kept as it is, but only if it is one."""
    try:
        data = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        raise PictureError("The picture is not base64: send a PNG file's bytes so encoded.") from None
    with open_image(data) as image:
        if image.format != "PNG":
            raise PictureError("The picture that goes with a correction is a PNG.")
    return data


def _told(correction: Correction) -> dict[str, Any]:
    return asdict(correction) | {"image": correction.image.tolist()}
