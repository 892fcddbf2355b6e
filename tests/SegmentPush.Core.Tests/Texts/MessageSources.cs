using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SegmentPush.Core.Tests.Texts;

/// <summary>The texts for users that C# sources hold, and the places where a text goes to a user without a language.</summary>
internal sealed partial class MessageSources
{
    private static readonly string[] s_streams =
        ["WriteWarning", "WriteVerbose", "WriteInformation", "WriteDebug", "WriteWarningLine", "ShouldProcess", "ShouldContinue", "PromptForCredential"];

    // What is thrown for programmers, or is caught and told in other words.
    private static readonly string[] s_forProgrammers =
        ["InvalidOperationException", "ArgumentException", "ArgumentOutOfRangeException", "NotSupportedException", "UnreachableException", "FormatException", "InvalidDataException", "CsvFormatException"];

    private readonly List<(string Text, string Place)> _texts = [];
    private readonly List<string> _bypasses = [];
    private readonly List<(string Text, string Place)> _others = [];

    private MessageSources(IEnumerable<CSharpCompilation> projects)
    {
        foreach (var project in projects)
        {
            foreach (var tree in project.SyntaxTrees.Where(tree => tree.FilePath.Length > 0)) Read(tree, project.GetSemanticModel(tree));
        }
    }

    /// <summary>The texts with a language, as the catalogue has them, and where they stand.</summary>
    public IReadOnlyList<(string Text, string Place)> Texts => _texts;

    /// <summary>Places where a text is made in a way that no catalogue can follow.</summary>
    public IReadOnlyList<string> Bypasses => _bypasses;

    /// <summary>Texts that read like sentences, and have no language.</summary>
    public IReadOnlyList<(string Text, string Place)> Others => _others;

    /// <summary>Reads the sources of the module.</summary>
    /// <param name="root">Root of the repository.</param>
    /// <param name="powerShell">The assembly of PowerShell that the cmdlets are built with.</param>
    public static MessageSources OfModule(string root, string powerShell)
    {
        MetadataReference[] libraries = [.. Libraries(), MetadataReference.CreateFromFile(powerShell)];
        var core = Compile("SegmentPush.Core", FilesOf(root, "SegmentPush.Core"), libraries);
        return new MessageSources([core, Compile("SegmentPush", FilesOf(root, "SegmentPush"), [.. libraries, core.ToMetadataReference()])]);
    }

    /// <summary>Reads a piece of source that knows Core.</summary>
    public static MessageSources Of(string source, string powerShell) => new([Compile(
        "SegmentPush", [("Piece.cs", source)], [.. Libraries(), MetadataReference.CreateFromFile(powerShell), MetadataReference.CreateFromFile(typeof(MessageText).Assembly.Location)])]);

    private static IEnumerable<MetadataReference> Libraries() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).StartsWith("SegmentPush", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path));

    private static IEnumerable<(string Path, string Text)> FilesOf(string root, string project) => Directory
        .EnumerateFiles(Path.Combine(root, "src", project), "*.cs", SearchOption.AllDirectories)
        .Select(file => (Path: Path.GetRelativePath(root, file).Replace('\\', '/'), File: file))
        .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
        .Select(file => (file.Path, File.ReadAllText(file.File)));

    // Code that is generated while the projects are built is missing here. No text depends on it.
    private static CSharpCompilation Compile(string name, IEnumerable<(string Path, string Text)> files, IEnumerable<MetadataReference> references)
    {
        const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; "
            + "global using System.Threading; global using System.Threading.Tasks; global using SegmentPush.Calls; "
            + "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"SegmentPush\")]";
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        return CSharpCompilation.Create(
            name,
            [.. files.Select(file => CSharpSyntaxTree.ParseText(file.Text, options, file.Path)), CSharpSyntaxTree.ParseText(Usings, options)],
            references,
            new CSharpCompilationOptions(Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    private void Read(SyntaxTree tree, SemanticModel model)
    {
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax) ReadDoor((ExpressionSyntax)node, model);
            if (node is ExpressionSyntax expression) ReadText(expression, model);
            if (node is InterpolatedStringExpressionSyntax || node.IsKind(SyntaxKind.StringLiteralExpression)) ReadOther((ExpressionSyntax)node, model);
        }
    }

    private void ReadText(ExpressionSyntax expression, SemanticModel model)
    {
        if (expression is CastExpressionSyntax cast)
        {
            if (IsText(model.GetTypeInfo(cast.Type).Type)) Take(cast.Expression, model);
            return;
        }

        if (expression.Parent is CastExpressionSyntax or ParenthesizedExpressionSyntax || IsSum(expression.Parent) || !IsText(model.GetTypeInfo(expression).ConvertedType)) return;
        if (PartsOf(expression) is not null || model.GetConversion(expression) is { IsUserDefined: true, MethodSymbol.Name: "op_Implicit" }) Take(expression, model);
    }

    private void Take(ExpressionSyntax expression, SemanticModel model)
    {
        if (PartsOf(expression) is { } parts) _texts.Add((KeyOf(parts), PlaceOf(expression)));
        else if (model.GetConstantValue(expression) is not { HasValue: true } constant) _bypasses.Add($"{PlaceOf(expression)}: {expression} is text of an unknown source");
        else if (constant.Value is string text) _texts.Add((text, PlaceOf(expression)));
    }

    // The only way through a stream, a question or an error record is CmdletTexts or a text that says its language.
    private void ReadDoor(ExpressionSyntax node, SemanticModel model)
    {
        if (model.GetSymbolInfo(node).Symbol is not IMethodSymbol { ContainingType: { } type } method || type.ContainingAssembly.Name != "System.Management.Automation") return;
        bool isDoor = method.MethodKind == MethodKind.Constructor
            ? type.Name is "ProgressRecord" or "ErrorDetails" or "ArgumentTransformationMetadataException"
            : s_streams.Contains(method.Name);
        var arguments = node is InvocationExpressionSyntax call ? call.ArgumentList : ((BaseObjectCreationExpressionSyntax)node).ArgumentList;
        if (!isDoor || arguments is null) return;
        foreach (var argument in arguments.Arguments.Where(argument => argument.RefKindKeyword.IsKind(SyntaxKind.None)))
        {
            if (model.GetTypeInfo(argument.Expression).Type?.SpecialType != SpecialType.System_String || IsWritten(argument.Expression, model)) continue;
            if (method.Name == "PromptForCredential" && argument.Expression is not LiteralExpressionSyntax) continue;
            _bypasses.Add($"{PlaceOf(node)}: {method.Name} takes {argument.Expression}");
        }
    }

    private static bool IsWritten(ExpressionSyntax expression, SemanticModel model) =>
        model.GetSymbolInfo(expression).Symbol is IMethodSymbol { Name: "Say" or "ToString", ContainingType: { } type } && IsText(type);

    private void ReadOther(ExpressionSyntax expression, SemanticModel model)
    {
        ExpressionSyntax whole = expression;
        while (whole.Parent is ParenthesizedExpressionSyntax || IsSum(whole.Parent)) whole = (ExpressionSyntax)whole.Parent!;
        if (whole.Parent is CastExpressionSyntax cast && IsText(model.GetTypeInfo(cast.Type).Type)) return;
        string text = expression is InterpolatedStringExpressionSyntax parts ? KeyOf([parts]) : ((LiteralExpressionSyntax)expression).Token.ValueText;
        if (IsText(model.GetTypeInfo(whole).ConvertedType) || !Sentence().IsMatch(text) || expression.Ancestors().Any(IsForOthers)) return;
        _others.Add((text, PlaceOf(expression)));
    }

    // What a constant is for shows where it is used.
    private static bool IsForOthers(SyntaxNode node) => node switch
    {
        AttributeSyntax or LocalDeclarationStatementSyntax { IsConst: true } => true,
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),
        ObjectCreationExpressionSyntax made => s_forProgrammers.Contains(made.Type.ToString()),
        _ => false,
    };

    private static bool IsSum(SyntaxNode? node) => node.IsKind(SyntaxKind.AddExpression);

    private static bool IsText(ITypeSymbol? type) => type is { Name: nameof(MessageText), ContainingNamespace.Name: "SegmentPush" };

    private static string PlaceOf(SyntaxNode node) => $"{node.SyntaxTree.FilePath}({node.GetLocation().GetLineSpan().StartLinePosition.Line + 1})";

    // Null where it is neither an interpolated string nor several of them with + between.
    private static List<InterpolatedStringExpressionSyntax>? PartsOf(ExpressionSyntax expression) => expression switch
    {
        ParenthesizedExpressionSyntax inner => PartsOf(inner.Expression),
        InterpolatedStringExpressionSyntax text => [text],
        BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression) && PartsOf(sum.Left) is { } left && PartsOf(sum.Right) is { } right => [.. left, .. right],
        _ => null,
    };

    private static string KeyOf(IEnumerable<InterpolatedStringExpressionSyntax> parts)
    {
        var key = new StringBuilder();
        int values = 0;
        foreach (var part in parts.SelectMany(part => part.Contents))
        {
            if (part is InterpolatedStringTextSyntax text) key.Append(text.TextToken.ValueText);
            else key.Append('{').Append(values++).Append(((InterpolationSyntax)part).FormatClause is { } format ? ":" + format.FormatStringToken.ValueText : "").Append('}');
        }

        return key.ToString();
    }

    // Two words of a language beside each other.
    [GeneratedRegex(@"[a-z]{2,} +[a-z']{2,}|\} [a-z]{2,}|[a-z]{2,} '?\{|^ [a-z]+|[a-z]+ $", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();
}
