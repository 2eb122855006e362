from modeltranslation.translator import TranslationOptions, translator

from .models import Concept, Term


class ConceptOptions(TranslationOptions):
    fields = Concept.translated_fields


class TermOptions(TranslationOptions):
    # In the term's language the usage example, in the others its translation.
    fields = ("example",)


translator.register(Concept, ConceptOptions)
translator.register(Term, TermOptions)
