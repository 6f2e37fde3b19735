from articles.models.article import Article, ArticlePhoto, ArticleQuerySet, Byline
from articles.models.received import ReceivedReport
from articles.models.told import Told

__all__ = ["Article", "ArticlePhoto", "ArticleQuerySet", "Byline", "ReceivedReport", "Told"]
