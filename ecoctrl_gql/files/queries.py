import strawberry

from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.files.types import FILES, MODELS, File, Model


@strawberry.type
class FileQuery:
    model = by_id(Model, "One 3D model.")
    models = MODELS.field("3D models, newest first.")
    file = by_id(File, "One uploaded file.")
    files = FILES.field("Uploaded files, newest first.")
