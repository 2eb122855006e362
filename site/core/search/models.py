"""The search table: a row per searchable text (docs/decisions/0004)."""

from django.db import models


class SearchEntry(models.Model):
    """One text of one object in one language, with the keys under which it is found.

    Written only by core.search.index. Keys are bytes, so that both databases compare them alike
    whatever their collation. A column of tokens for full text search is added per database by
    core.search.schema.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    # The term of a concept; 0 where a kind has no such parts.
    sub_id = models.BigIntegerField(default=0)
    language = models.CharField(max_length=2)
    # As shown to readers; matches are marked in it.
    text = models.TextField()
    # Empty keys (running text) are NULL: found by their tokens only.
    exact = models.BinaryField(null=True)
    folded = models.BinaryField(null=True)
    # Syllables and words in plain ASCII letters (core.search.keys.encode).
    tokens = models.TextField(blank=True)
    # Numbers of the three parts of `folded` (core.search.spelling), for misspelt queries.
    part1 = models.IntegerField(null=True)
    part2 = models.IntegerField(null=True)
    part3 = models.IntegerField(null=True)
    # Place among equally good matches: 1000 * weight + length in characters. Less is better.
    rank = models.SmallIntegerField()
    # Whether the A–Z list of the language shows it, where, and under which letter.
    is_listed = models.BooleanField(default=False)
    initial = models.CharField(max_length=4, blank=True)
    sort_key = models.BinaryField(default=b"")
    is_reviewed = models.BooleanField(default=False)
    is_safety = models.BooleanField(default=False)

    class Meta:
        indexes = [
            # All that ranking by prefix looks at, so that the rows themselves are not read.
            models.Index(
                fields=["folded", "exact", "rank", "kind", "language", "is_reviewed", "object_id"],
                name="search_folded",
            ),
            models.Index(fields=["exact"], name="search_exact"),
            models.Index(fields=["part1"], name="search_part1"),
            models.Index(fields=["part2"], name="search_part2"),
            models.Index(fields=["part3"], name="search_part3"),
            # The A–Z list: all of it, one letter, one trade.
            models.Index(
                fields=["kind", "language", "sort_key", "object_id", "id", "is_reviewed"],
                condition=models.Q(is_listed=True),
                name="search_order",
            ),
            models.Index(
                fields=[
                    *("kind", "language", "initial"),
                    *("sort_key", "object_id", "id", "is_reviewed"),
                ],
                condition=models.Q(is_listed=True),
                name="search_initial",
            ),
            models.Index(
                fields=[
                    *("kind", "object_id", "language", "is_listed"),
                    *("initial", "sort_key", "id", "is_reviewed"),
                ],
                name="search_object",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class SearchTrade(models.Model):
    """A trade of a searchable object. No foreign key: core knows no trades."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    trade_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trade_id", "kind", "object_id"], name="search_trade_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="search_trade_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.trade_id}"


class SearchWord(models.Model):
    """A word that occurs in the search table, to be found from a misspelling.

    Words are added with the entries and cleared by a full rebuild only: one that no entry has any
    more finds nothing and does no harm.
    """

    word = models.BinaryField(unique=True)
    part1 = models.IntegerField(db_index=True)
    part2 = models.IntegerField(db_index=True)
    part3 = models.IntegerField(db_index=True)

    def __str__(self) -> str:
        return bytes(self.word).decode()
