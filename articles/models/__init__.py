from articles.models.article import Article, ArticlePhoto, ArticleQuerySet, Byline
from articles.models.received import ReceivedReport

__all__ = ["Article", "ArticlePhoto", "ArticleQuerySet", "Byline", "ReceivedReport"]
