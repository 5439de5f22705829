// Lucene's CJKAnalyzer on the listings of the benchmark: title and body, every pair of a question must stand in one of them.
// java -cp anserini-fatjar.jar Lucene.java listings.jsonl questions.txt folder

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

public class Lucene {
  public static void main(String[] args) throws Exception {
    var analyzer = new CJKAnalyzer();
    var directory = FSDirectory.open(Path.of(args[2]));
    List<String> lines = Files.readAllLines(Path.of(args[0]));
    long begun = System.nanoTime();
    var config = new IndexWriterConfig(analyzer);
    config.setRAMBufferSizeMB(128);
    try (var writer = new IndexWriter(directory, config)) {
      for (String line : lines) {
        // The lines are our own: nothing in them is escaped.
        var document = new Document();
        document.add(new StoredField("id", line.substring(6, line.indexOf(','))));
        document.add(new TextField("title", between(line, "\"title\":\"", "\",\"body\""), Field.Store.YES));
        document.add(new TextField("body", between(line, "\"body\":\"", "\"}"), Field.Store.YES));
        writer.addDocument(document);
      }
      writer.commit();
    }
    double spent = (System.nanoTime() - begun) / 1e9;
    var reader = DirectoryReader.open(directory);
    var searcher = new IndexSearcher(reader);
    var builder = new QueryBuilder(analyzer);
    List<String> questions = Files.readAllLines(Path.of(args[1]));
    Query[] queries = new Query[questions.size()];
    for (int i = 0; i < queries.length; i++) {
      var both = new BooleanQuery.Builder();
      both.add(new BoostQuery(builder.createBooleanQuery("title", questions.get(i), BooleanClause.Occur.MUST), 3), BooleanClause.Occur.SHOULD);
      both.add(builder.createBooleanQuery("body", questions.get(i), BooleanClause.Occur.MUST), BooleanClause.Occur.SHOULD);
      queries[i] = both.build();
    }
    long found = 0;
    // The virtual machine is warm after a few rounds.
    for (int round = 0; round < 5; round++) {
      found = 0;
      for (Query query : queries) found += searcher.search(query, 10).scoreDocs.length;
    }
    System.out.printf("indexed %.0f%n", lines.size() / spent);
    System.out.printf("found %d%n", found);
    for (int people : new int[] {1, 16}) {
      var next = new AtomicInteger();
      long[] times = new long[queries.length * 3];
      var pool = Executors.newFixedThreadPool(people);
      long start = System.nanoTime();
      Callable<Void> person = () -> {
        for (int n = next.getAndIncrement(); n < times.length; n = next.getAndIncrement()) {
          long asked = System.nanoTime();
          var top = searcher.search(queries[n % queries.length], 10);
          for (var hit : top.scoreDocs) searcher.storedFields().document(hit.doc).get("id");
          times[n] = System.nanoTime() - asked;
        }
        return null;
      };
      pool.invokeAll(IntStream.range(0, people).mapToObj(i -> person).toList());
      double seconds = (System.nanoTime() - start) / 1e9;
      pool.shutdown();
      Arrays.sort(times);
      System.out.printf("search %d %.3f %.3f %.0f%n", people, times[times.length / 2] / 1e6, times[times.length * 99 / 100] / 1e6, times.length / seconds);
    }
  }

  static String between(String line, String from, String to) {
    int start = line.indexOf(from) + from.length();
    return line.substring(start, line.indexOf(to, start));
  }
}
