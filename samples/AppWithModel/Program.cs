using AppWithModel;

// The int8 model lies beside the app: the build put it there, under the float model's name.
string home = AppContext.BaseDirectory;
var classifier = new Classifier(Path.Combine(home, "fashion.mnn"));

string[] pictures = args.Length > 0 ? args : Directory.GetFiles(Path.Combine(home, "pictures"), "*.png");
Array.Sort(pictures, StringComparer.Ordinal);
foreach (string picture in pictures)
{
    (string label, float probability) = classifier.Classify(picture);
    Console.WriteLine($"{Path.GetFileName(picture)}: {label} ({probability:P0})");
}
