from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0002_choosers_that_read_together"),
    ]

    operations = [
        migrations.AddField(
            model_name="coursepage",
            name="mark_terms",
            field=models.BooleanField(
                default=True,
                help_text="Readers tap a marked word and see it in the other languages.",
                verbose_name="mark terms of the glossary",
            ),
        ),
        migrations.AddField(
            model_name="coursepage",
            name="unmarked_terms",
            field=models.TextField(
                blank=True,
                help_text="One a line, as they stand in the text. They stay unmarked on this page.",
                max_length=2000,
                verbose_name="words not to be marked",
            ),
        ),
        migrations.AddField(
            model_name="lessonpage",
            name="mark_terms",
            field=models.BooleanField(
                default=True,
                help_text="Readers tap a marked word and see it in the other languages.",
                verbose_name="mark terms of the glossary",
            ),
        ),
        migrations.AddField(
            model_name="lessonpage",
            name="unmarked_terms",
            field=models.TextField(
                blank=True,
                help_text="One a line, as they stand in the text. They stay unmarked on this page.",
                max_length=2000,
                verbose_name="words not to be marked",
            ),
        ),
        migrations.AddField(
            model_name="lessonsindexpage",
            name="mark_terms",
            field=models.BooleanField(
                default=True,
                help_text="Readers tap a marked word and see it in the other languages.",
                verbose_name="mark terms of the glossary",
            ),
        ),
        migrations.AddField(
            model_name="lessonsindexpage",
            name="unmarked_terms",
            field=models.TextField(
                blank=True,
                help_text="One a line, as they stand in the text. They stay unmarked on this page.",
                max_length=2000,
                verbose_name="words not to be marked",
            ),
        ),
        migrations.AddField(
            model_name="unitpage",
            name="mark_terms",
            field=models.BooleanField(
                default=True,
                help_text="Readers tap a marked word and see it in the other languages.",
                verbose_name="mark terms of the glossary",
            ),
        ),
        migrations.AddField(
            model_name="unitpage",
            name="unmarked_terms",
            field=models.TextField(
                blank=True,
                help_text="One a line, as they stand in the text. They stay unmarked on this page.",
                max_length=2000,
                verbose_name="words not to be marked",
            ),
        ),
    ]
