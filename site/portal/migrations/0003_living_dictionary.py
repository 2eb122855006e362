from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_language_tag_labels"),
    ]

    operations = [
        migrations.AddField(
            model_name="contentpage",
            name="mark_terms",
            field=models.BooleanField(
                default=True,
                help_text="Readers tap a marked word and see it in the other languages.",
                verbose_name="mark terms of the glossary",
            ),
        ),
        migrations.AddField(
            model_name="contentpage",
            name="unmarked_terms",
            field=models.TextField(
                blank=True,
                help_text="One a line, as they stand in the text. They stay unmarked on this page.",
                max_length=2000,
                verbose_name="words not to be marked",
            ),
        ),
        migrations.AddField(
            model_name="homepage",
            name="mark_terms",
            field=models.BooleanField(
                default=True,
                help_text="Readers tap a marked word and see it in the other languages.",
                verbose_name="mark terms of the glossary",
            ),
        ),
        migrations.AddField(
            model_name="homepage",
            name="unmarked_terms",
            field=models.TextField(
                blank=True,
                help_text="One a line, as they stand in the text. They stay unmarked on this page.",
                max_length=2000,
                verbose_name="words not to be marked",
            ),
        ),
    ]
