from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.files import FileRow


class FileRepository(Repository[FileRow]):
    row_type = FileRow
    name = "file"
